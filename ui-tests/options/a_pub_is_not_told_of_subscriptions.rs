//! ZMQ_XPUB_VERBOSE on a PUB is accepted, and nothing is told.
use zmq_typestate::{Context, Pub, Result, Verbose};

fn example(context: &Context) -> Result<()> {
    context.socket::<Pub>()?.verbose(Verbose::All).close();
    Ok(())
}

fn main() {}
