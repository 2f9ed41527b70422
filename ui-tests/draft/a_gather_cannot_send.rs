//! GATHER only receives: zmq_send answers ENOTSUP.
use zmq_typestate::{Bound, Gather, Result, Socket};

async fn example(mut socket: Socket<Gather, Bound>) -> Result<()> {
    socket.send("done").await?;
    Ok(())
}

fn main() {}
