//! ZMQ_MULTICAST_LOOP on a DISH is accepted, and does nothing: it only receives.
use zmq_typestate::{Context, Radio, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Radio>()?.multicast_loop(false).close();
    Ok(())
}

fn main() {}
