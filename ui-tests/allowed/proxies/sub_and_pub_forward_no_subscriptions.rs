//! zmq_proxy of SUB and PUB forwards no subscriptions: the SUB receives nothing of what is wanted.
use zmq_typestate::{Bound, Proxy, Socket, XPub, XSub};

fn example(one: Socket<XSub, Bound>, other: Socket<XPub, Bound>) {
    drop(Proxy::new(one, other));
}

fn main() {}
