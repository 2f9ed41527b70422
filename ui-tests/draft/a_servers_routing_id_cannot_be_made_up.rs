//! Routing ids of a SERVER are handed out in order: a made-up one reaches a stranger.
use zmq_typestate::{Bound, Result, RoutingId, Server, Socket};

async fn example(mut socket: Socket<Server, Bound>) -> Result<()> {
    let client = RoutingId::<Server>::new("client")?;
    socket.send_to(&client, "hello").await?;
    Ok(())
}

fn main() {}
