//! ZMQ_RECONNECT_IVL of 0 means never, though the manual says -1.
use zmq_typestate::{Context, Push, Reconnect, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.reconnect(Reconnect::Never).close();
    Ok(())
}

fn main() {}
