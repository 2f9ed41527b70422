//! zmq_proxy of SERVER and CLIENT ends with EHOSTUNREACH after the first reply.
use zmq_typestate::{Bound, Channel, Proxy, Socket};

fn example(one: Socket<Channel, Bound>, other: Socket<Channel, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
