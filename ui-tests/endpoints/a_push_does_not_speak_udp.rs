//! udp carries RADIO, DISH and DGRAM only: ENOCOMPATPROTO.
use zmq_typestate::{Context, Push, Result, tcp, udp};

async fn example(context: &Context) -> Result<()> {
    drop(tcp!("127.0.0.1:5555"));
    context.socket::<Push>()?.connect(udp!("127.0.0.1:5555"))?.close();
    Ok(())
}

fn main() {}
