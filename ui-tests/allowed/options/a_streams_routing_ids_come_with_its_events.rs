//! ZMQ_ROUTING_ID of a STREAM is that of its last connection: after a second connect the first one is lost.
use zmq_typestate::{Connected, Result, Socket, Stream};

async fn example(mut socket: Socket<Stream, Connected>) -> Result<()> {
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
