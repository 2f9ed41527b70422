//! Nothing is attached: ROUTER reports success and drops the message.
use zmq_typestate::{Idle, Result, Router, RoutingId, Socket};

async fn example(socket: Socket<Router, Idle>, peer: RoutingId<Router>) -> Result<()> {
    let mut socket = socket.bind("tcp://127.0.0.1:*")?;
    socket.send_to(&peer, "hello").await?;
    Ok(())
}

fn main() {}
