//! Over udp a RADIO only connects: zmq_bind answers ENOCOMPATPROTO.
use zmq_typestate::{Context, Radio, Result, udp};

async fn example(context: &Context) -> Result<()> {
    context.socket::<Radio>()?.bind(udp!("127.0.0.1:5555"))?.close();
    Ok(())
}

fn main() {}
