//! PULL only receives: zmq_send answers ENOTSUP.
use zmq_typestate::{Bound, Push, Result, Socket};

async fn example(mut socket: Socket<Push, Bound>) -> Result<()> {
    socket.send_multipart(["job", "done"]).await?;
    Ok(())
}

fn main() {}
