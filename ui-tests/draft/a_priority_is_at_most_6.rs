//! ZMQ_PRIORITY above 6 needs a privilege: libzmq aborts the process that has it not.
use zmq_typestate::Priority;

const VALUE: Priority = Priority::constant(7);

fn main() {
    println!("{VALUE:?}");
}
