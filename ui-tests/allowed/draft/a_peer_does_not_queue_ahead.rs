//! zmq_connect_peer with ZMQ_IMMEDIATE answers 0, and EFAULT: there is no peer yet whose routing id it could give.
use zmq_typestate::{Context, Peer, Result};

fn example(context: &Context) -> Result<()> {
    let socket = context.socket::<Peer>()?;
    socket.connect_peer("tcp://127.0.0.1:5555")?.1.close();
    Ok(())
}

fn main() {}
