//! ROUTER takes the first frame for the routing id and drops the message in silence.
use zmq_typestate::{Bound, Result, Router, Socket};

async fn example(mut socket: Socket<Router, Bound>) -> Result<()> {
    let (peer, _) = socket.recv().await?;
    socket.send("answer").await?;
    drop(peer);
    Ok(())
}

fn main() {}
