//! PUSH only sends: zmq_recv answers ENOTSUP, an async wrapper waits for ever.
use zmq_typestate::{Bound, Push, Result, Socket};

async fn example(mut socket: Socket<Push, Bound>) -> Result<()> {
    let message = socket.recv().await?;
    println!("{message:?}");
    Ok(())
}

fn main() {}
