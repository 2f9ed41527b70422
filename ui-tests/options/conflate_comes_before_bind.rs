//! ZMQ_CONFLATE is read when the socket binds: set later, it does nothing.
use zmq_typestate::{Bound, Pull, Socket};

fn example(socket: Socket<Pull, Bound>) {
    socket.conflate(true).close();
}

fn main() {}
