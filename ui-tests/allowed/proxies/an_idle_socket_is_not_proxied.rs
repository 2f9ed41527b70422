//! zmq_proxy with a socket that is not attached waits for ever.
use zmq_typestate::{Bound, Dealer, Proxy, Router, Socket};

fn example(clients: Socket<Router, Bound>, workers: Socket<Dealer, Bound>) {
    drop(Proxy::new(clients, workers));
}

fn main() {}
