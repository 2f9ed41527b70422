//! PULL to PUSH loses nothing: the one-way proxy is for what does.
use zmq_typestate::{Bound, Proxy, Pub, Pull, Socket};

fn example(one: Socket<Pull, Bound>, other: Socket<Pub, Bound>) {
    drop(Proxy::one_way(one, other));
}

fn main() {}
