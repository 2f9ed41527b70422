//! zmq_getsockopt answers EINVAL for ZMQ_ROUTER_MANDATORY: it can only be set.
use zmq_typestate::{Context, Result, Router};

fn example(context: &Context) -> Result<()> {
    let socket = context.socket::<Router>()?.router_mandatory(true);
    println!("{:?}", socket.options().router_mandatory()?);
    Ok(())
}

fn main() {}
