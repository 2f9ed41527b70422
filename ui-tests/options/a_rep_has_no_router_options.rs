//! ZMQ_ROUTER_MANDATORY on a REP is accepted, and aborts the process when a client has gone.
use zmq_typestate::{Context, Rep, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Rep>()?.router_mandatory(true).close();
    Ok(())
}

fn main() {}
