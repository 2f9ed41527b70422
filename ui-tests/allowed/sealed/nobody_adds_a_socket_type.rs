//! zmq_socket answers EINVAL for a type that libzmq does not know.
use zmq_typestate::{Context, Result};

use zmq_typestate::Pull;

fn example(context: &Context) -> Result<()> {
    context.socket::<Pull>()?.close();
    Ok(())
}

fn main() {}
