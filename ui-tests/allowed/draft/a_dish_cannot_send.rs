//! DISH only receives: zmq_send answers ENOTSUP.
use zmq_typestate::{Connected, Dish, Result, Socket};

async fn example(mut socket: Socket<Dish, Connected>) -> Result<()> {
    socket.recv().await?;
    Ok(())
}

fn main() {}
