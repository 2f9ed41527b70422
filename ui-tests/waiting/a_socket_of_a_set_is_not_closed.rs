//! zmq_close of a socket that a poller still has ends in a segmentation fault.
use zmq_typestate::{Bound, Pull, Socket, SocketSet};

fn example(set: &mut SocketSet<Pull, Bound>, socket: Socket<Pull, Bound>) {
    let key = set.insert(socket);
    socket.close();
    drop(set.remove(key));
}

fn main() {}
