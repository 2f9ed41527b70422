//! ZMQ_LINGER of -1 is for ever, and libzmq answers EINVAL to -2.
use zmq_typestate::{Context, Linger, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.linger(Linger::Forever).close();
    Ok(())
}

fn main() {}
