//! ROUTER delivers the routing id as the first frame: zmq_recv gives that for the message, and the rest the next time.
use zmq_typestate::{Bound, Message, Result, Router, Socket};

async fn example(mut socket: Socket<Router, Bound>) -> Result<()> {
    let message: Message = socket.recv().await?;
    println!("{message:?}");
    Ok(())
}

fn main() {}
