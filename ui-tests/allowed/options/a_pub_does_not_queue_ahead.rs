//! ZMQ_IMMEDIATE on a PUB has no effect: it queues nothing before somebody subscribes.
use zmq_typestate::{Context, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.immediate(true).close();
    Ok(())
}

fn main() {}
