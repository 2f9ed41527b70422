//! ZMQ_SUBSCRIBE on another type is EINVAL.
use zmq_typestate::{Connected, Push, Result, Socket};

async fn example(socket: Socket<Push, Connected>) -> Result<()> {
    let socket = socket.subscribe("news");
    socket.close();
    Ok(())
}

fn main() {}
