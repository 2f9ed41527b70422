//! ZMQ_HEARTBEAT_IVL on a STREAM is accepted, and does nothing: its peers do not speak ZMTP.
use zmq_typestate::{Context, Heartbeat, Result, Stream};

fn example(context: &Context) -> Result<()> {
    context.socket::<Stream>()?.heartbeat(Heartbeat::every(std::time::Duration::from_secs(1))).close();
    Ok(())
}

fn main() {}
