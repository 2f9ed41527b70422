//! ZMQ_REQ_RELAXED without ZMQ_REQ_CORRELATE hands out the answer to an old question as that to the new one.
use zmq_typestate::{Context, Req, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Req>()?.correlated().close();
    Ok(())
}

fn main() {}
