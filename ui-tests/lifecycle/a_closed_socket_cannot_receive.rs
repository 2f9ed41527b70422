//! A closed socket is ENOTSOCK, or memory that was freed.
use zmq_typestate::{Bound, Pull, Result, Socket};

async fn example(mut socket: Socket<Pull, Bound>) -> Result<()> {
    socket.close();
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
