//! ZMQ_REQ_CORRELATE applies to REQ only: EINVAL.
use zmq_typestate::{Context, Req, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Req>()?.correlated().close();
    Ok(())
}

fn main() {}
