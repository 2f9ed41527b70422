//! ZMQ_PROBE_ROUTER on a PUSH is EINVAL: it is for what talks to a ROUTER.
use zmq_typestate::{Context, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.probe_router(true).close();
    Ok(())
}

fn main() {}
