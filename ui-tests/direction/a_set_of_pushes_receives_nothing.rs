//! zmq_poll for input on a PUSH never returns: nothing arrives there.
use zmq_typestate::{Bound, Push, SocketSet};

fn example(mut set: SocketSet<Push, Bound>) {
    drop(set.recv());
}

fn main() {}
