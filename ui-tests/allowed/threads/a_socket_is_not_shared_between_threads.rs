//! Two threads on one classic socket corrupt its memory.
use zmq_typestate::{Bound, Push, Socket};

fn move_to_another_thread<T: Send>(_: T) {}

fn example(socket: Socket<Push, Bound>) {
    move_to_another_thread(socket);
}

fn main() {}
