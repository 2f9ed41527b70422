//! CHANNEL has one peer: libzmq drops every further connection in silence.
use zmq_typestate::{Client, Connected, Result, Socket};

async fn example(mut socket: Socket<Client, Connected>) -> Result<()> {
    socket.also_connect("tcp://127.0.0.1:5556")?;
    socket.close();
    Ok(())
}

fn main() {}
