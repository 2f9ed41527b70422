//! Dropping what `send` gives closes the REQ: the reply goes nowhere.
#![deny(unused_must_use)]
use zmq_typestate::{Connected, Req, Result, Socket};

async fn example(socket: Socket<Req, Connected>) -> Result<()> {
    let (reply, socket) = socket.send("time?").await?.recv().await?;
    drop((reply, socket));
    Ok(())
}

fn main() {}
