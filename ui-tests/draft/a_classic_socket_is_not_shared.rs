//! Two threads on one classic socket corrupt its memory.
use zmq_typestate::{Connected, Push, Result, Socket};

async fn example(socket: Socket<Push, Connected>) -> Result<()> {
    let sender = socket.share();
    sender.send("job").await?;
    Ok(())
}

fn main() {}
