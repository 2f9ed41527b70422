//! A PUB is always writable, also without a peer (POLLOUT is 1): polling for it tells nothing of slow subscribers.
use zmq_typestate::{Bound, Pub, Result, Socket};

async fn example(mut socket: Socket<Pub, Bound>) -> Result<()> {
    socket.send("news").await?;
    Ok(())
}

fn main() {}
