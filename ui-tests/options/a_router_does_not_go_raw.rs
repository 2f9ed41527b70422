//! ZMQ_ROUTER_RAW is deprecated: connections that stand go on with ZMTP, later ones are raw.
use zmq_typestate::{Context, Result, Router};

fn example(context: &Context) -> Result<()> {
    context.socket::<Router>()?.router_raw(true).close();
    Ok(())
}

fn main() {}
