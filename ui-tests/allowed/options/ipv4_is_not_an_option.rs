//! ZMQ_IPV4ONLY is deprecated, and says the opposite of ZMQ_IPV6.
use zmq_typestate::{Context, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.ipv6(false).close();
    Ok(())
}

fn main() {}
