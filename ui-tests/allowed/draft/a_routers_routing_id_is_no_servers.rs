//! A SERVER's routing ids are numbers, a ROUTER's are bytes: EHOSTUNREACH.
use zmq_typestate::{Bound, Result, RoutingId, Server, Socket};

async fn example(mut socket: Socket<Server, Bound>, to: RoutingId<Server>) -> Result<()> {
    socket.send_to(&to, "hello").await?;
    Ok(())
}

fn main() {}
