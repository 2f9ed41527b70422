//! DGRAM is the one draft type that is not thread-safe: two threads corrupt its memory.
use zmq_typestate::{Bound, Dgram, Result, Socket};

async fn example(socket: Socket<Dgram, Bound>) -> Result<()> {
    let mut receiver = socket.share();
    println!("{:?}", receiver.recv().await?);
    Ok(())
}

fn main() {}
