//! Of two threads that wait in zmq_recv on one CLIENT any one gets the reply, whoever asked.
use zmq_typestate::{Client, Connected, Result, Socket};

async fn example(socket: Socket<Client, Connected>) -> Result<()> {
    let socket = socket.share();
    let (one, other) = tokio::join!(socket.recv(), socket.recv());
    println!("{:?} {:?}", one?, other?);
    Ok(())
}

fn main() {}
