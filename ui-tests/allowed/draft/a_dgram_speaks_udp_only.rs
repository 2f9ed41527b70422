//! libzmq accepts DGRAM over tcp, where it takes the first frame of anything for an address.
use zmq_typestate::{Context, Dgram, Result, udp};

async fn example(context: &Context) -> Result<()> {
    context.socket::<Dgram>()?.bind(udp!("127.0.0.1:5555"))?.close();
    Ok(())
}

fn main() {}
