//! PUSH only sends: zmq_recv answers ENOTSUP.
use zmq_typestate::{Bound, Push, Result, Socket};

async fn example(socket: &mut Socket<Push, Bound>) -> Result<()> {
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
