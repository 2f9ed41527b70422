//! ZMQ_SNDHWM on a PULL is accepted, and does nothing.
use zmq_typestate::{Context, Hwm, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.send_hwm(Hwm::messages(10)).close();
    Ok(())
}

fn main() {}
