//! ZMQ_HELLO_MSG on a PUSH is accepted and ignored in silence.
use zmq_typestate::{Context, Dealer, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Dealer>()?.hello_message("hello").close();
    Ok(())
}

fn main() {}
