//! zmq_proxy of REP and REQ ends with EFSM after the first message.
use zmq_typestate::{Bound, Proxy, Rep, Req, Socket};

fn example(one: Socket<Rep, Bound>, other: Socket<Req, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
