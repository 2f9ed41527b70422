//! libzmq answers EPROTONOSUPPORT for a scheme that it does not know.
use zmq_typestate::Transport;

struct Mine;

impl Transport for Mine {}

fn main() {
    let _ = (Mine, given::<zmq_typestate::Tcp>);
}

fn given<T: Transport>() {}
