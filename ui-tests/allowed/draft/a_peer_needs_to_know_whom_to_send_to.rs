//! PEER sends to a peer by its routing id: without one zmq_send answers EHOSTUNREACH.
use zmq_typestate::{Bound, Peer, Result, RoutingId, Socket};

async fn example(mut socket: Socket<Peer, Bound>, to: RoutingId<Peer>) -> Result<()> {
    socket.send_to(&to, "hello").await?;
    println!("{to}");
    Ok(())
}

fn main() {}
