//! PUB only sends: zmq_recv answers ENOTSUP, an async wrapper waits for ever.
use zmq_typestate::{Bound, Result, Socket, XPub};

async fn example(mut socket: Socket<XPub, Bound>) -> Result<()> {
    let subscriber = socket.recv().await?;
    println!("{subscriber:?}");
    Ok(())
}

fn main() {}
