//! PAIR has one peer: libzmq drops every further connection in silence.
use zmq_typestate::{Bound, Dealer, Result, Socket};

async fn example(mut socket: Socket<Dealer, Bound>) -> Result<()> {
    socket.also_bind("tcp://127.0.0.1:*")?;
    Ok(())
}

fn main() {}
