//! ZMQ_DISCONNECT_MSG on a CLIENT is accepted and ignored in silence.
use zmq_typestate::{Client, Context, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Client>()?.disconnect_message("gone").close();
    Ok(())
}

fn main() {}
