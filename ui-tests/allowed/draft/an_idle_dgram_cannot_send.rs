//! A DGRAM that is not bound has no port to send from: zmq_send waits for ever, or aborts the process.
use std::net::SocketAddrV4;

use zmq_typestate::{Dgram, Idle, Result, Socket};

async fn example(socket: Socket<Dgram, Idle>, to: SocketAddrV4) -> Result<()> {
    let mut socket = socket.bind("udp://127.0.0.1:*")?;
    socket.send_to(&to, "hello").await?;
    Ok(())
}

fn main() {}
