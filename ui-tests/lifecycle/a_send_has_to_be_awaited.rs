//! Without `.await` nothing is sent.
#![deny(unused_must_use)]
use zmq_typestate::{Bound, Push, Result, Socket};

async fn example(mut socket: Socket<Push, Bound>) -> Result<()> {
    socket.send("job");
    Ok(())
}

fn main() {}
