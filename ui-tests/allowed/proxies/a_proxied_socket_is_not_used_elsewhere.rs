//! A socket in zmq_proxy that another thread uses corrupts its memory.
use zmq_typestate::{Bound, Dealer, Proxy, Router, Socket};

fn example(clients: Socket<Router, Bound>, workers: Socket<Dealer, Bound>) {
    let proxy = Proxy::new(clients, workers);
    drop(proxy);
}

fn main() {}
