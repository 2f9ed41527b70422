//! SERVER answers a client by its routing id: without one zmq_send answers EHOSTUNREACH.
use zmq_typestate::{Bound, Result, Server, Socket};

async fn example(mut socket: Socket<Server, Bound>) -> Result<()> {
    let (client, question) = socket.recv().await?;
    socket.send(question).await?;
    println!("{client}");
    Ok(())
}

fn main() {}
