//! ZMQ_PROBE_ROUTER on a REP is accepted: its peers receive an empty message that breaks their framing.
use zmq_typestate::{Context, Req, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Req>()?.probe_router(true).close();
    Ok(())
}

fn main() {}
