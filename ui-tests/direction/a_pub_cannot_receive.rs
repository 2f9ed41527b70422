//! PUB only sends: zmq_recv answers ENOTSUP, an async wrapper waits for ever.
use zmq_typestate::{Bound, Pub, Result, Socket};

async fn example(mut socket: Socket<Pub, Bound>) -> Result<()> {
    let subscriber = socket.recv().await?;
    println!("{subscriber:?}");
    Ok(())
}

fn main() {}
