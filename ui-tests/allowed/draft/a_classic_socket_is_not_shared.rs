//! Two threads on one classic socket corrupt its memory.
use zmq_typestate::{Connected, Result, Scatter, Socket};

async fn example(socket: Socket<Scatter, Connected>) -> Result<()> {
    let sender = socket.share();
    sender.send("job").await?;
    Ok(())
}

fn main() {}
