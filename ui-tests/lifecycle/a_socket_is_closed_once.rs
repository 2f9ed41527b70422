//! A second zmq_close is ENOTSOCK, or memory that was freed.
use zmq_typestate::{Bound, Push, Result, Socket};

async fn example(socket: Socket<Push, Bound>) -> Result<()> {
    socket.close();
    socket.close();
    Ok(())
}

fn main() {}
