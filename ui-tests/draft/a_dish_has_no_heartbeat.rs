//! ZMQ_HEARTBEAT_IVL on a DISH breaks its connections again and again: libzmq takes the answers for messages.
use zmq_typestate::{Context, Dish, Heartbeat, Result};

fn example(context: &Context) -> Result<()> {
    context.socket::<Dish>()?.heartbeat(Heartbeat::every(std::time::Duration::from_secs(1))).close();
    Ok(())
}

fn main() {}
