//! A socket is idle, bound or connected.
use zmq_typestate::{Mode, Open};

struct Mine;

impl Mode for Mine {
    type Role = Open;
}

fn main() {
    let _ = (Mine, given::<zmq_typestate::Idle>);
}

fn given<T: Mode>() {}
