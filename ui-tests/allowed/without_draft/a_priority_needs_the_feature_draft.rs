//! ZMQ_PRIORITY is a draft option, and without SO_PRIORITY does nothing: a stock libzmq answers EINVAL.
use zmq_typestate::{Context, Push, Result};

fn example() -> Result<()> {
    Context::new()?.socket::<Push>()?.tos(0xb8).close();
    Ok(())
}

fn main() {}
