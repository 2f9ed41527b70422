//! ZMQ_XPUB_MANUAL keeps a pointer to the last subscriber: when that has gone, memory is corrupted.
use zmq_typestate::{Context, Result, XPub};

fn example(context: &Context) -> Result<()> {
    context.socket::<XPub>()?.xpub_manual(true).close();
    Ok(())
}

fn main() {}
