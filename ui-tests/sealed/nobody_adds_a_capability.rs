//! What a type can do is libzmq's to say.
use zmq_typestate::CanSend;

struct Mine;

impl CanSend for Mine {}

fn main() {
    let _ = (Mine, given::<zmq_typestate::Pair>);
}

fn given<T: CanSend>() {}
