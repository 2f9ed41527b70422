//! ZMQ_HEARTBEAT_IVL on a STREAM is accepted, and does nothing: its peers do not speak ZMTP.
use zmq_typestate::{Context, Dealer, Heartbeat, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Dealer>()?.heartbeat(Heartbeat::every(std::time::Duration::from_secs(1))).close();
    Ok(())
}

fn main() {}
