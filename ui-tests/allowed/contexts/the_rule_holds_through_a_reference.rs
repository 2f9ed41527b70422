//! PUSH only sends: zmq_recv answers ENOTSUP.
use zmq_typestate::{Bound, Pull, Result, Socket};

async fn example(socket: &mut Socket<Pull, Bound>) -> Result<()> {
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
