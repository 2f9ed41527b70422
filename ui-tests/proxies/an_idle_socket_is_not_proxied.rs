//! zmq_proxy with a socket that is not attached waits for ever.
use zmq_typestate::{Bound, Dealer, Idle, Proxy, Router, Socket};

fn example(clients: Socket<Router, Bound>, workers: Socket<Dealer, Idle>) {
    drop(Proxy::new(clients, workers));
}

fn main() {}
