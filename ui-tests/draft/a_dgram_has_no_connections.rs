//! ZMQ_RECONNECT_IVL on a DGRAM is accepted, and does nothing: udp has no connections.
use zmq_typestate::{Context, Dgram, Reconnect, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Dgram>()?.reconnect(Reconnect::Never).close();
    Ok(())
}

fn main() {}
