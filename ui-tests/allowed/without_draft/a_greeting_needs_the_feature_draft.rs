//! ZMQ_HELLO_MSG is a draft option: a libzmq that was built without them answers EINVAL.
use zmq_typestate::{HearsSubscriptions, Socket};

fn example<T: HearsSubscriptions>(socket: Socket<T>) {
    socket.close();
}

fn main() {}
