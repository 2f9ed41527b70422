//! A closed socket is ENOTSOCK, or memory that was freed.
use zmq_typestate::{Bound, Push, Result, Socket};

async fn example(mut socket: Socket<Push, Bound>) -> Result<()> {
    socket.close();
    socket.send("job").await
}

fn main() {}
