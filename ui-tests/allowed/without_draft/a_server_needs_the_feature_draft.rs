//! SERVER is a draft type: the first handshake aborts a libzmq that was built without them.
use zmq_typestate::{Bound, Result, Router, Socket};

async fn example(socket: Socket<Router, Bound>) -> Result<()> {
    socket.close();
    Ok(())
}

fn main() {}
