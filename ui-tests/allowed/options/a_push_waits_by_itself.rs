//! ZMQ_XPUB_NODROP on a PUSH is EINVAL: a PUSH never drops.
use zmq_typestate::{Context, Pub, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Pub>()?.no_drop(true).close();
    Ok(())
}

fn main() {}
