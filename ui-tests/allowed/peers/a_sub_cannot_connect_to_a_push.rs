//! SUB and PUSH do not match: libzmq drops the handshake in silence.
use zmq_typestate::{Bound, Context, Pull, Push, Result, Socket};

async fn example(context: &Context, feed: &Socket<Push, Bound>) -> Result<()> {
    let jobs = context.socket::<Pull>()?.connect(feed.address())?;
    jobs.close();
    Ok(())
}

fn main() {}
