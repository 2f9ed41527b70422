//! zmq_proxy with the same socket as frontend and backend sends back to its peer what came from it.
use zmq_typestate::{Bound, Pair, Proxy, Socket};

fn example(one: Socket<Pair, Bound>, other: Socket<Pair, Bound>) {
    drop(Proxy::new(one, one));
    drop(other);
}

fn main() {}
