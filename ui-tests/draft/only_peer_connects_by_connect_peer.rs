//! zmq_connect_peer on another type than PEER answers 0, and ENOTSUP.
use zmq_typestate::{Client, Context, Result};

fn example(context: &Context) -> Result<()> {
    let (_, socket) = context.socket::<Client>()?.connect_peer("tcp://127.0.0.1:5555")?;
    socket.close();
    Ok(())
}

fn main() {}
