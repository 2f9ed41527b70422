//! zmq_proxy of REP and REQ ends with EFSM after the first message.
use zmq_typestate::{Bound, Dealer, Proxy, Router, Socket};

fn example(one: Socket<Router, Bound>, other: Socket<Dealer, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
