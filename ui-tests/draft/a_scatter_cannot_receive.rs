//! SCATTER only sends: zmq_recv answers ENOTSUP, an async wrapper waits for ever.
use zmq_typestate::{Bound, Result, Scatter, Socket};

async fn example(mut socket: Socket<Scatter, Bound>) -> Result<()> {
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
