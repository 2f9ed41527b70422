//! libzmq drops the connection of two SERVERs in silence.
use zmq_typestate::{Address, Context, Result, Server};

async fn example(context: &Context, desk: Address<Server>) -> Result<()> {
    context.socket::<Server>()?.connect(desk)?.close();
    Ok(())
}

fn main() {}
