//! ZMQ_SUBSCRIBE on another type is EINVAL.
use zmq_typestate::{Connected, Result, Socket, Sub};

async fn example(socket: Socket<Sub, Connected>) -> Result<()> {
    let socket = socket.subscribe("news");
    socket.close();
    Ok(())
}

fn main() {}
