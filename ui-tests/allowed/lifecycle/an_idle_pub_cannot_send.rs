//! Nothing is attached: PUB reports success and drops the message.
use zmq_typestate::{Idle, Pub, Result, Socket};

async fn example(socket: Socket<Pub, Idle>) -> Result<()> {
    let mut socket = socket.bind("tcp://127.0.0.1:*")?;
    socket.send("news").await?;
    Ok(())
}

fn main() {}
