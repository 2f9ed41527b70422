//! DISH drops every message until it joins a group, in silence.
use zmq_typestate::{Connected, Dish, Result, Socket, Unjoined, group};

async fn example(socket: Socket<Dish<Unjoined>, Connected>) -> Result<()> {
    let mut socket = socket.join(&group!("weather"));
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
