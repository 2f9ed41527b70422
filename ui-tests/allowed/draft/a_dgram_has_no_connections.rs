//! ZMQ_RECONNECT_IVL on a DGRAM is accepted, and does nothing: udp has no connections.
use zmq_typestate::{Client, Context, Reconnect, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Client>()?.reconnect(Reconnect::Never).close();
    Ok(())
}

fn main() {}
