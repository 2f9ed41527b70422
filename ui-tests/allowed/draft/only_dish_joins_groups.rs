//! zmq_join on another type than DISH answers ENOTSUP.
use zmq_typestate::{Connected, Dish, Result, Socket, group};

async fn example(socket: Socket<Dish, Connected>) -> Result<()> {
    socket.join(&group!("weather")).close();
    Ok(())
}

fn main() {}
