//! libzmq drops the connection of two SERVERs in silence.
use zmq_typestate::{Address, Client, Context, Result, Server};

async fn example(context: &Context, desk: Address<Server>) -> Result<()> {
    context.socket::<Client>()?.connect(desk)?.close();
    Ok(())
}

fn main() {}
