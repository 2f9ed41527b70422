//! What a type can do is libzmq's to say.
use zmq_typestate::CanSend;

struct Mine;

// Generic code asks for the trait instead: see `given`.

fn main() {
    let _ = (Mine, given::<zmq_typestate::Pair>);
}

fn given<T: CanSend>() {}
