//! DGRAM only binds: zmq_connect answers ENOCOMPATPROTO.
use zmq_typestate::{Context, Dgram, Result};

async fn example(context: &Context) -> Result<()> {
    let socket = context.socket::<Dgram>()?.connect("udp://127.0.0.1:5555")?;
    socket.close();
    Ok(())
}

fn main() {}
