//! A message of several frames that reaches a draft type is dropped in silence.
use zmq_typestate::{Bound, Gather, Result, Socket};

async fn example(mut socket: Socket<Gather, Bound>) -> Result<()> {
    println!("{:?}", socket.recv_multipart().await?);
    Ok(())
}

fn main() {}
