//! A STREAM routing id means nothing to a ROUTER: the message would be dropped.
use zmq_typestate::{Bound, Result, Router, RoutingId, Socket};

async fn example(mut socket: Socket<Router, Bound>, peer: RoutingId<Router>) -> Result<()> {
    socket.send_to(&peer, "hello").await?;
    Ok(())
}

fn main() {}
