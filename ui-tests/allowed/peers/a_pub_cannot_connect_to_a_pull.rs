//! PUB and PULL do not match: libzmq drops the handshake, and every message, in silence.
use zmq_typestate::{Bound, Context, Pull, Push, Result, Socket};

async fn example(context: &Context, jobs: &Socket<Pull, Bound>) -> Result<()> {
    let feed = context.socket::<Push>()?.connect(jobs.address())?;
    feed.close();
    Ok(())
}

fn main() {}
