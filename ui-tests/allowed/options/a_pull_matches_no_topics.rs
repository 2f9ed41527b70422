//! ZMQ_INVERT_MATCHING on a PULL is accepted and ignored in silence.
use zmq_typestate::{Context, Result, XPub};

fn example(context: &Context) -> Result<()> {
    context.socket::<XPub>()?.invert_matching(true).close();
    Ok(())
}

fn main() {}
