//! A REQ drops a reply without its empty delimiter frame in silence, and waits for ever.
use zmq_typestate::{Bound, Result, Router, Socket};

async fn example(mut socket: Socket<Router, Bound>) -> Result<()> {
    let (client, _) = socket.recv_multipart().await?;
    socket.reply(client, "answer").await?;
    Ok(())
}

fn main() {}
