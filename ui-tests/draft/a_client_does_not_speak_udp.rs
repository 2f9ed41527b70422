//! udp carries RADIO, DISH and DGRAM only: ENOCOMPATPROTO.
use zmq_typestate::{Client, Context, Result, udp};

async fn example(context: &Context) -> Result<()> {
    context.socket::<Client>()?.connect(udp!("127.0.0.1:5555"))?.close();
    Ok(())
}

fn main() {}
