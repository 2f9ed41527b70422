//! ZMQ_PRIORITY is a draft option, and without SO_PRIORITY does nothing: a stock libzmq answers EINVAL.
use zmq_typestate::{Priority, Result};

fn example() -> Result<()> {
    println!("{:?}", Priority::new(5)?);
    Ok(())
}

fn main() {}
