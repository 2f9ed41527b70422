//! What XSUB sends goes upstream; a first byte of 0 or 1 silently becomes a subscription.
use zmq_typestate::{Connected, Result, Socket, XSub};

async fn example(mut socket: Socket<XSub, Connected>) -> Result<()> {
    socket.send("hello").await?;
    Ok(())
}

fn main() {}
