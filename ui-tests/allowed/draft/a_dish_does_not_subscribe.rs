//! ZMQ_SUBSCRIBE on a DISH is EINVAL: it joins groups.
use zmq_typestate::{Connected, Dish, Result, Socket, group};

async fn example(socket: Socket<Dish, Connected>) -> Result<()> {
    socket.join(&group!("weather")).close();
    Ok(())
}

fn main() {}
