//! ZMQ_DISCONNECT_MSG on a CLIENT is accepted and ignored in silence.
use zmq_typestate::{Context, Result, Server};

fn example(context: &Context) -> Result<()> {
    context.socket::<Server>()?.disconnect_message("gone").close();
    Ok(())
}

fn main() {}
