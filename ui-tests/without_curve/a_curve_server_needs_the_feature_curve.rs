//! A libzmq that was built without CURVE answers EINVAL to each of its options.
use zmq_typestate::{Bound, Curve, Pull, Result, Socket};

async fn example(socket: Socket<Pull, Bound<Curve>>) -> Result<()> {
    socket.close();
    Ok(())
}

fn main() {}
