//! Nobody can connect to a socket that only connects: it does not listen.
use zmq_typestate::{Connected, Pull, Result, Socket};

async fn example(socket: Socket<Pull, Connected>) -> Result<()> {
    println!("{}", socket.address());
    Ok(())
}

fn main() {}
