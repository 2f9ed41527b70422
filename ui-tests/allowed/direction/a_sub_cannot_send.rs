//! SUB only receives: zmq_send answers ENOTSUP.
use zmq_typestate::{Connected, Pub, Result, Socket};

async fn example(mut socket: Socket<Pub, Connected>) -> Result<()> {
    socket.send("news").await?;
    Ok(())
}

fn main() {}
