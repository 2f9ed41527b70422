//! ZMQ_INVERT_MATCHING on a PULL is accepted and ignored in silence.
use zmq_typestate::{Context, Pull, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Pull>()?.invert_matching(true).close();
    Ok(())
}

fn main() {}
