//! DISH drops every message until it joins a group, in silence.
use zmq_typestate::{Connected, Dish, Result, Socket, Unjoined};

async fn example(socket: Socket<Dish<Unjoined>, Connected>) -> Result<()> {
    let mut socket = socket;
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
