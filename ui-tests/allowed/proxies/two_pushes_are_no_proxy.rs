//! zmq_proxy of two PUSHes has nothing to receive.
use zmq_typestate::{Bound, Proxy, Pull, Push, Socket};

fn example(one: Socket<Pull, Bound>, other: Socket<Push, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
