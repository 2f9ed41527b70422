//! ZMQ_ROUTER_MANDATORY on a REP is accepted, and aborts the process when a client has gone.
use zmq_typestate::{Context, Result, Router};

fn example(context: &Context) -> Result<()> {
    context.socket::<Router>()?.router_mandatory(true).close();
    Ok(())
}

fn main() {}
