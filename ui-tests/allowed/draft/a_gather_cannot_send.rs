//! GATHER only receives: zmq_send answers ENOTSUP.
use zmq_typestate::{Bound, Result, Scatter, Socket};

async fn example(mut socket: Socket<Scatter, Bound>) -> Result<()> {
    socket.send("done").await?;
    Ok(())
}

fn main() {}
