//! ZMQ_RCVHWM on a PUSH is accepted, and does nothing.
use zmq_typestate::{Context, Hwm, Pull, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Pull>()?.recv_hwm(Hwm::messages(10)).close();
    Ok(())
}

fn main() {}
