//! DGRAM drops a datagram whose address it cannot read, in silence.
use zmq_typestate::{Bound, Dgram, Result, Socket};

async fn example(mut socket: Socket<Dgram, Bound>) -> Result<()> {
    let to = "localhost";
    socket.send_to(&to, "hello").await?;
    Ok(())
}

fn main() {}
