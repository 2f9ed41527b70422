//! Nothing is attached: PUB reports success and drops the message.
use zmq_typestate::{Idle, Pub, Result, Socket};

async fn example(socket: Socket<Pub, Idle>) -> Result<()> {
    let mut socket = socket;
    socket.send("news").await?;
    Ok(())
}

fn main() {}
