//! PUSH hands messages out in turn: it knows no routing ids.
use zmq_typestate::{Bound, Push, Result, Router, RoutingId, Socket};

async fn example(mut socket: Socket<Push, Bound>, peer: RoutingId<Router>) -> Result<()> {
    socket.send("job").await?;
    drop(peer);
    Ok(())
}

fn main() {}
