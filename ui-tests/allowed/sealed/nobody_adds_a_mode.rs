//! A socket is idle, bound or connected.
use zmq_typestate::Mode;

struct Mine;

// Generic code asks for the trait instead: see `given`.

fn main() {
    let _ = (Mine, given::<zmq_typestate::Idle>);
}

fn given<T: Mode>() {}
