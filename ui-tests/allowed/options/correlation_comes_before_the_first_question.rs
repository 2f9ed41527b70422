//! ZMQ_REQ_CORRELATE is read when the reply comes: set while it is awaited, the reply is discarded in silence.
use zmq_typestate::{Idle, Req, Socket};

fn example(socket: Socket<Req, Idle>) {
    socket.correlated().close();
}

fn main() {}
