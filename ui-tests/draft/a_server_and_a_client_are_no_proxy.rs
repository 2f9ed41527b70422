//! zmq_proxy of SERVER and CLIENT ends with EHOSTUNREACH after the first reply.
use zmq_typestate::{Bound, Client, Proxy, Server, Socket};

fn example(one: Socket<Server, Bound>, other: Socket<Client, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
