//! ZMQ_REQ_CORRELATE applies to REQ only: EINVAL.
use zmq_typestate::{Context, Dealer, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Dealer>()?.correlated().close();
    Ok(())
}

fn main() {}
