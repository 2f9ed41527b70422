//! ZMQ_XPUB_VERBOSE on a PUB is accepted, and nothing is told.
use zmq_typestate::{Context, Result, Verbose, XPub};

fn example(context: &Context) -> Result<()> {
    context.socket::<XPub>()?.verbose(Verbose::All).close();
    Ok(())
}

fn main() {}
