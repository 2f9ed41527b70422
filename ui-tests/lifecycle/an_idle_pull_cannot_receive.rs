//! Nothing is attached, so nothing can arrive: zmq_recv blocks for ever.
use zmq_typestate::{Idle, Pull, Result, Socket};

async fn example(socket: Socket<Pull, Idle>) -> Result<()> {
    let mut socket = socket;
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
