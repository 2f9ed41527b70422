//! zmq_poll for input on a PUSH never returns: nothing arrives there.
use zmq_typestate::{Bound, Pull, SocketSet};

fn example(mut set: SocketSet<Pull, Bound>) {
    drop(set.recv());
}

fn main() {}
