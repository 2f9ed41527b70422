//! ZMQ_LINGER of -1 is for ever, and libzmq answers EINVAL to -2.
use zmq_typestate::{Context, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.linger(-1).close();
    Ok(())
}

fn main() {}
