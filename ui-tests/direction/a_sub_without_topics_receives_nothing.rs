//! SUB drops every message until it subscribes, in silence.
use zmq_typestate::{Connected, Result, Socket, Sub, Unsubscribed};

async fn example(socket: Socket<Sub<Unsubscribed>, Connected>) -> Result<()> {
    let mut socket = socket;
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
