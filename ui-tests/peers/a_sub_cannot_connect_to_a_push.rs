//! SUB and PUSH do not match: libzmq drops the handshake in silence.
use zmq_typestate::{Bound, Context, Push, Result, Socket, Sub};

async fn example(context: &Context, feed: &Socket<Push, Bound>) -> Result<()> {
    let news = context.socket::<Sub>()?.connect(feed.address())?;
    news.close();
    Ok(())
}

fn main() {}
