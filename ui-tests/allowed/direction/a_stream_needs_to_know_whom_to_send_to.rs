//! STREAM takes the first frame for a connection, and eats the next one as its data.
use zmq_typestate::{Bound, Result, RoutingId, Socket, Stream};

async fn example(mut socket: Socket<Stream, Bound>, peer: RoutingId<Stream>) -> Result<()> {
    socket.send_to(&peer, "GET /").await?;
    drop(peer);
    Ok(())
}

fn main() {}
