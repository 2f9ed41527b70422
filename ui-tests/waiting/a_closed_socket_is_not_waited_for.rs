//! zmq_poll of a closed socket is ENOTSOCK, or memory that was freed.
use zmq_typestate::{Bound, Pull, Socket, SocketSet};

fn example(set: &mut SocketSet<Pull, Bound>, socket: Socket<Pull, Bound>) {
    socket.close();
    set.insert(socket);
}

fn main() {}
