//! ZMQ_ROUTING_ID on a PULL is accepted and ignored in silence.
use zmq_typestate::{Idle, Pull, Result, Router, RoutingId, Socket};

async fn example(socket: Socket<Pull, Idle>, name: RoutingId<Router>) -> Result<()> {
    socket.routing_id(&name).close();
    Ok(())
}

fn main() {}
