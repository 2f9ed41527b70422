//! Nothing is attached: PUSH would block for ever.
use zmq_typestate::{Idle, Push, Result, Socket};

async fn example(socket: Socket<Push, Idle>) -> Result<()> {
    let mut socket = socket.bind("tcp://127.0.0.1:*")?;
    socket.send("job").await?;
    Ok(())
}

fn main() {}
