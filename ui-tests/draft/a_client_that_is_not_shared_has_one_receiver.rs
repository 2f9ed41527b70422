//! Of two threads that wait in zmq_recv on one CLIENT any one gets the reply, whoever asked.
use zmq_typestate::{Client, Connected, Result, Socket};

async fn example(mut socket: Socket<Client, Connected>) -> Result<()> {
    let (one, other) = tokio::join!(socket.recv(), socket.recv());
    println!("{:?} {:?}", one?, other?);
    Ok(())
}

fn main() {}
