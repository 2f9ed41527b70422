//! Two threads on one classic socket corrupt its memory.
use std::sync::{Arc, Mutex};
use zmq_typestate::{Bound, Pair, Socket};

fn move_to_another_thread<T: Send>(_: T) {}

fn example(socket: Mutex<Socket<Pair, Bound>>) {
    move_to_another_thread(Arc::new(socket.into_inner()));
}

fn main() {}
