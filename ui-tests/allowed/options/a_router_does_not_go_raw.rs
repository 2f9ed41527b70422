//! ZMQ_ROUTER_RAW is deprecated: connections that stand go on with ZMTP, later ones are raw.
use zmq_typestate::{Context, Result, Stream};

fn example(context: &Context) -> Result<()> {
    context.socket::<Stream>()?.close();
    Ok(())
}

fn main() {}
