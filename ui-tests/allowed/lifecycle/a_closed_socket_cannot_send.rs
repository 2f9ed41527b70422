//! A closed socket is ENOTSOCK, or memory that was freed.
use zmq_typestate::{Bound, Push, Result, Socket};

async fn example(mut socket: Socket<Push, Bound>) -> Result<()> {
    socket.send("job").await?;
    socket.close();
    Ok(())
}

fn main() {}
