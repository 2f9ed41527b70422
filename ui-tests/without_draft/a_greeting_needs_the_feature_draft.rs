//! ZMQ_HELLO_MSG is a draft option: a libzmq that was built without them answers EINVAL.
use zmq_typestate::{Greets, Socket};

fn example<T: Greets>(socket: Socket<T>) {
    socket.close();
}

fn main() {}
