//! ZMQ_CONFLATE works on PUSH, PULL, PUB, SUB and DEALER: elsewhere libzmq ignores it in silence.
use zmq_typestate::{Context, Dealer, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Dealer>()?.conflate(true).close();
    Ok(())
}

fn main() {}
