//! ZMQ_MAXMSGSIZE on a STREAM is accepted, and does nothing: bytes are no messages.
use zmq_typestate::{Context, Result, Stream};

fn example(context: &Context) -> Result<()> {
    context.socket::<Stream>()?.max_message_size(1000).close();
    Ok(())
}

fn main() {}
