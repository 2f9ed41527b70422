//! zmq_connect on a PEER connects to a peer that it has no routing id to send to.
use zmq_typestate::{Context, Peer, Result};

async fn example(context: &Context) -> Result<()> {
    let (_, socket) = context.socket::<Peer>()?.connect_peer("tcp://127.0.0.1:5555")?;
    socket.close();
    Ok(())
}

fn main() {}
