//! ZMQ_SUBSCRIBE on a DISH is EINVAL: it joins groups.
use zmq_typestate::{Connected, Dish, Result, Socket};

async fn example(socket: Socket<Dish, Connected>) -> Result<()> {
    socket.subscribe("weather").close();
    Ok(())
}

fn main() {}
