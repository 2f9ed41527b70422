//! A forgotten option leaves a socket open to everybody, and nothing says so.
use zmq_typestate::{Attached, Bound, Plain, Pull, Secured, Socket};

fn take_orders<M: Attached + Secured>(_: Socket<Pull, M>) {}

fn example(orders: Socket<Pull, Bound>) {
    take_orders(orders);
}

fn main() {
    let _ = (example, |socket: Socket<Pull, Bound<Plain>>| socket.close());
}
