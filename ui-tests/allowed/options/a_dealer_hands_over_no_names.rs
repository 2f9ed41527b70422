//! ZMQ_ROUTER_HANDOVER applies to ROUTER only: EINVAL.
use zmq_typestate::{Context, Result, Router};

fn example(context: &Context) -> Result<()> {
    context.socket::<Router>()?.router_handover(true).close();
    Ok(())
}

fn main() {}
