//! ZMQ_TCP_ACCEPT_FILTER is deprecated, and ignored over ws: anybody can connect there.
use zmq_typestate::{Context, Pull, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Pull>()?.tcp_accept_filter("192.0.2.0/24").close();
    Ok(())
}

fn main() {}
