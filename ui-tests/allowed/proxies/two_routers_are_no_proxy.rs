//! zmq_proxy of two ROUTERs drops every message: the name of its sender is no receiver.
use zmq_typestate::{Bound, Dealer, Proxy, Router, Socket};

fn example(one: Socket<Router, Bound>, other: Socket<Dealer, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
