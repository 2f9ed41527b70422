//! ZMQ_XPUB_MANUAL on a PUB is accepted: no subscription is ever applied, and nothing is delivered any more.
use zmq_typestate::{Context, Pub, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Pub>()?.xpub_manual(true).close();
    Ok(())
}

fn main() {}
