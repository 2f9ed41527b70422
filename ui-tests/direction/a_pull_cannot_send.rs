//! PULL only receives: zmq_send answers ENOTSUP.
use zmq_typestate::{Bound, Pull, Result, Socket};

async fn example(mut socket: Socket<Pull, Bound>) -> Result<()> {
    socket.send("done").await?;
    Ok(())
}

fn main() {}
