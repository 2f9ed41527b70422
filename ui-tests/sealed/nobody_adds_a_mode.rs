//! A socket is idle, bound or connected.
use zmq_typestate::Mode;

struct Mine;

impl Mode for Mine {}

fn main() {
    let _ = (Mine, given::<zmq_typestate::Idle>);
}

fn given<T: Mode>() {}
