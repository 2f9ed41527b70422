//! ZMQ_SNDMORE on a draft type answers EINVAL.
use zmq_typestate::{Client, Connected, Result, Socket};

async fn example(mut socket: Socket<Client, Connected>) -> Result<()> {
    socket.send("header and body").await?;
    Ok(())
}

fn main() {}
