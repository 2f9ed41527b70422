//! ZMQ_SUBSCRIBE on an XPUB is EINVAL unless it is in manual mode.
use zmq_typestate::{Bound, Socket, XSub};

fn example(socket: Socket<XSub, Bound>) {
    socket.subscribe("news").close();
}

fn main() {}
