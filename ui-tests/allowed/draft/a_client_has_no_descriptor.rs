//! ZMQ_FD of a CLIENT, which is thread-safe, is EINVAL: the zmq crate panics.
use zmq_typestate::{Client, Connected, Result, Socket};

async fn example(mut socket: Socket<Client, Connected>) -> Result<()> {
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
