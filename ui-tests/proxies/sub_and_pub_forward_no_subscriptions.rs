//! zmq_proxy of SUB and PUB forwards no subscriptions: the SUB receives nothing of what is wanted.
use zmq_typestate::{Bound, Proxy, Pub, Socket, Sub};

fn example(one: Socket<Sub, Bound>, other: Socket<Pub, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
