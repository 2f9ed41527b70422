//! A high water mark of 0 is no limit to libzmq: memory fills up.
use zmq_typestate::{Context, Hwm, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.send_hwm(Hwm::Unlimited).close();
    Ok(())
}

fn main() {}
