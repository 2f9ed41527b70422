//! STREAM delivers bytes of a connection; an empty frame means connected or disconnected.
use zmq_typestate::{Bound, Result, Socket, Stream};

async fn example(mut socket: Socket<Stream, Bound>) -> Result<()> {
    let event = socket.recv_multipart().await?;
    println!("{event:?}");
    Ok(())
}

fn main() {}
