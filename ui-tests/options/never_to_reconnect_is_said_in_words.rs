//! ZMQ_RECONNECT_IVL of 0 means never, though the manual says -1.
use zmq_typestate::{Context, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.reconnect(0).close();
    Ok(())
}

fn main() {}
