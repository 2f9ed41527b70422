//! zmq_proxy of two PUSHes has nothing to receive.
use zmq_typestate::{Bound, Proxy, Push, Socket};

fn example(one: Socket<Push, Bound>, other: Socket<Push, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
