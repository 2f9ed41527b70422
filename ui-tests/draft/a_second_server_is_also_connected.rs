//! CLIENT asks the SERVERs that it is connected to in turn, in silence: none of them is its own.
use zmq_typestate::{Client, Connected, Result, Socket};

fn example(mut socket: Socket<Client, Connected>) -> Result<()> {
    socket.connect("tcp://127.0.0.1:5556")?;
    socket.close();
    Ok(())
}

fn main() {}
