//! With ZMQ_IMMEDIATE a ROUTER does not give the name of ZMQ_CONNECT_ROUTING_ID to this peer, but to the next.
use zmq_typestate::{Context, Result, Router, RoutingId};

fn example(context: &Context, north: &RoutingId<Router>) -> Result<()> {
    let socket = context.socket::<Router>()?.immediate(true);
    socket.connect_as(north, "tcp://127.0.0.1:5555")?.close();
    Ok(())
}

fn main() {}
