//! DGRAM has one port: libzmq drops a second one in silence, and nothing arrives there.
use zmq_typestate::{Bound, Dgram, Result, Socket};

async fn example(mut socket: Socket<Dgram, Bound>) -> Result<()> {
    socket.also_bind("udp://127.0.0.1:*")?;
    socket.close();
    Ok(())
}

fn main() {}
