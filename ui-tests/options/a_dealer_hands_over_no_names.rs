//! ZMQ_ROUTER_HANDOVER applies to ROUTER only: EINVAL.
use zmq_typestate::{Context, Dealer, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Dealer>()?.router_handover(true).close();
    Ok(())
}

fn main() {}
