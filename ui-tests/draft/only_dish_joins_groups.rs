//! zmq_join on another type than DISH answers ENOTSUP.
use zmq_typestate::{Connected, Result, Socket, Sub, group};

async fn example(socket: Socket<Sub, Connected>) -> Result<()> {
    socket.join(&group!("weather")).close();
    Ok(())
}

fn main() {}
