//! SERVER is a draft type: the first handshake aborts a libzmq that was built without them.
use zmq_typestate::{Bound, Result, Server, Socket};

async fn example(socket: Socket<Server, Bound>) -> Result<()> {
    socket.close();
    Ok(())
}

fn main() {}
