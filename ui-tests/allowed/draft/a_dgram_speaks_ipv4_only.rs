//! DGRAM drops what it sends over IPv6 in silence, and a datagram that comes over it aborts the process.
use std::net::SocketAddrV4;
use zmq_typestate::{Bound, Dgram, Result, Socket};

async fn example(mut socket: Socket<Dgram, Bound>, to: SocketAddrV4) -> Result<()> {
    socket.send_to(&to, "hello").await?;
    Ok(())
}

fn main() {}
