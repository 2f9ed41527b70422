//! libzmq answers EPROTONOSUPPORT for a scheme that it does not know.
use zmq_typestate::Transport;

struct Mine;

// Generic code asks for the trait instead: see `given`.

fn main() {
    let _ = (Mine, given::<zmq_typestate::Tcp>);
}

fn given<T: Transport>() {}
