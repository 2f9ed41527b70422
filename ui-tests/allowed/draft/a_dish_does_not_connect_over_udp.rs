//! Over udp a DISH only binds: zmq_connect answers ENOCOMPATPROTO.
use zmq_typestate::{Context, Dish, Result, udp};

async fn example(context: &Context) -> Result<()> {
    context.socket::<Dish>()?.bind(udp!("127.0.0.1:5555"))?.close();
    Ok(())
}

fn main() {}
