//! ZMQ_XPUB_NODROP on a PUSH is EINVAL: a PUSH never drops.
use zmq_typestate::{Context, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.no_drop(true).close();
    Ok(())
}

fn main() {}
