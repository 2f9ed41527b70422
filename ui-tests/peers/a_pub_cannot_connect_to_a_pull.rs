//! PUB and PULL do not match: libzmq drops the handshake, and every message, in silence.
use zmq_typestate::{Bound, Context, Pub, Pull, Result, Socket};

async fn example(context: &Context, jobs: &Socket<Pull, Bound>) -> Result<()> {
    let feed = context.socket::<Pub>()?.connect(jobs.address())?;
    feed.close();
    Ok(())
}

fn main() {}
