//! ZMQ_SUBSCRIBE on an XPUB is EINVAL unless it is in manual mode.
use zmq_typestate::{Bound, Socket, XPub};

fn example(socket: Socket<XPub, Bound>) {
    socket.subscribe("news").close();
}

fn main() {}
