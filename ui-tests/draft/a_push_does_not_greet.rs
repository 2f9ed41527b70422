//! ZMQ_HELLO_MSG on a PUSH is accepted and ignored in silence.
use zmq_typestate::{Context, Push, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Push>()?.hello_message("hello").close();
    Ok(())
}

fn main() {}
