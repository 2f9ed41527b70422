//! STREAM gives each connection a routing id of its own: to a made-up one zmq_send answers EHOSTUNREACH.
use zmq_typestate::{Bound, Result, Socket, Stream, StreamEvent};

async fn example(mut socket: Socket<Stream, Bound>) -> Result<()> {
    let StreamEvent::Connected(peer) = socket.recv().await? else { return Ok(()) };
    socket.send_to(&peer, "GET /").await?;
    Ok(())
}

fn main() {}
