//! ZMQ_CONFLATE is read when the socket binds: set later, it does nothing.
use zmq_typestate::{Idle, Pull, Socket};

fn example(socket: Socket<Pull, Idle>) {
    socket.conflate(true).close();
}

fn main() {}
