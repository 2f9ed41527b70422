//! Nothing says that a `T` can receive: some types answer ENOTSUP.
use zmq_typestate::{Attached, CanSend, Result, Socket};

async fn example<T: CanSend, M: Attached>(mut socket: Socket<T, M>) -> Result<()> {
    socket.recv().await?;
    Ok(())
}

fn main() {}
