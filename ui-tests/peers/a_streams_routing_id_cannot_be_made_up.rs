//! STREAM gives each connection a routing id of its own: to a made-up one zmq_send answers EHOSTUNREACH.
use zmq_typestate::{Bound, Result, RoutingId, Socket, Stream};

async fn example(mut socket: Socket<Stream, Bound>) -> Result<()> {
    let peer = RoutingId::<Stream>::new("peer")?;
    socket.send_to(&peer, "GET /").await?;
    Ok(())
}

fn main() {}
