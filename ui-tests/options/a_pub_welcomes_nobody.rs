//! ZMQ_XPUB_WELCOME_MSG is for XPUB, which is told of its subscribers.
use zmq_typestate::{Context, Pub, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Pub>()?.welcome_message("hello").close();
    Ok(())
}

fn main() {}
