//! A libzmq that was built without CURVE answers EINVAL to each of its options.
use zmq_typestate::{Bound, Plain, Pull, Result, Socket};

async fn example(socket: Socket<Pull, Bound<Plain>>) -> Result<()> {
    socket.close();
    Ok(())
}

fn main() {}
