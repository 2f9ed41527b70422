//! zmq_poller_add of a socket that the poller has is EINVAL.
use zmq_typestate::{Bound, Pull, Socket, SocketSet};

fn example(set: &mut SocketSet<Pull, Bound>, socket: Socket<Pull, Bound>) {
    set.insert(socket);
}

fn main() {}
