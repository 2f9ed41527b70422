//! Two threads on one classic socket corrupt its memory.
use zmq_typestate::{Bound, Push, Socket};

fn use_from_two_threads<T: Sync>(_: T) {}

fn example(socket: Socket<Push, Bound>) {
    use_from_two_threads(socket);
}

fn main() {}
