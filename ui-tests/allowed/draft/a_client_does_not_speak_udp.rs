//! udp carries RADIO, DISH and DGRAM only: ENOCOMPATPROTO.
use zmq_typestate::{Client, Context, Result, tcp};

async fn example(context: &Context) -> Result<()> {
    context.socket::<Client>()?.connect(tcp!("127.0.0.1:5555"))?.close();
    Ok(())
}

fn main() {}
