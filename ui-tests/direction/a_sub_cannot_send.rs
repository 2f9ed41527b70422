//! SUB only receives: zmq_send answers ENOTSUP.
use zmq_typestate::{Connected, Result, Socket, Sub};

async fn example(mut socket: Socket<Sub, Connected>) -> Result<()> {
    socket.send("news").await?;
    Ok(())
}

fn main() {}
