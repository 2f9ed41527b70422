//! zmq_proxy with a capture that cannot send ends with ENOTSUP after the first message.
use zmq_typestate::{Bound, Pair, Proxy, Pub, Socket};

fn example(one: Socket<Pair, Bound>, other: Socket<Pair, Bound>, all: Socket<Pub, Bound>) {
    drop(Proxy::new(one, other).capture(all));
}

fn main() {}
