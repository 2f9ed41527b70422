//! PUSH only sends: zmq_recv answers ENOTSUP, an async wrapper waits for ever.
use zmq_typestate::{Bound, Push, Socket};

fn example(mut socket: Socket<Push, Bound>) {
    drop(async move { drop(socket.try_recv()) });
}

fn main() {
    let _ = example;
}
