//! ZMQ_HEARTBEAT_IVL on a DISH breaks its connections again and again: libzmq takes the answers for messages.
use zmq_typestate::{Context, Dish, Result, TcpKeepalive};

fn example(context: &Context) -> Result<()> {
    context.socket::<Dish>()?.tcp_keepalive(TcpKeepalive::ON).close();
    Ok(())
}

fn main() {}
