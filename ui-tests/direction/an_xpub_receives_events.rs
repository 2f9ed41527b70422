//! XPUB hands out raw frames whose first byte says subscribe or unsubscribe.
use zmq_typestate::{Bound, Result, Socket, XPub};

async fn example(mut socket: Socket<XPub, Bound>) -> Result<()> {
    let event = socket.recv_multipart().await?;
    println!("{event:?}");
    Ok(())
}

fn main() {}
