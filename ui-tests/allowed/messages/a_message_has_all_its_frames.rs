//! After ZMQ_SNDMORE, whatever is sent next becomes a frame of the same message, in silence.
use zmq_typestate::{Connected, Push, Result, Socket};

async fn example(mut socket: Socket<Push, Connected>) -> Result<()> {
    socket.send_multipart(["header", "body"]).await?;
    Ok(())
}

fn main() {}
