//! ZMQ_TCP_ACCEPT_FILTER is deprecated, and ignored over ws: anybody can connect there.
use zmq_typestate::{Context, Filtered, Pull, Result, ZapDomain};

fn example(context: &Context, office: &ZapDomain<Filtered>) -> Result<()> {
    context.socket::<Pull>()?.zap_domain(office).close();
    Ok(())
}

fn main() {}
