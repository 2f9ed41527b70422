//! zmq_proxy of two PULLs forwards nothing, and uses up a processor.
use zmq_typestate::{Bound, Proxy, Pull, Socket};

fn example(one: Socket<Pull, Bound>, other: Socket<Pull, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
