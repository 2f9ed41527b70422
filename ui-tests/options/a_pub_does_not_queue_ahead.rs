//! ZMQ_IMMEDIATE on a PUB has no effect: it queues nothing before somebody subscribes.
use zmq_typestate::{Context, Pub, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Pub>()?.immediate(true).close();
    Ok(())
}

fn main() {}
