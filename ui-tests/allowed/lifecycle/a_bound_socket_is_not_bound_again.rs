//! A PUSH may have many endpoints, but `bind` is for the first.
use zmq_typestate::{Bound, Push, Result, Socket};

async fn example(mut socket: Socket<Push, Bound>) -> Result<()> {
    socket.also_bind("tcp://127.0.0.1:*")?;
    socket.close();
    Ok(())
}

fn main() {}
