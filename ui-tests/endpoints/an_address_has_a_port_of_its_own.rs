//! libzmq connects to port 0 in silence, and never reaches it.
use zmq_typestate::{Address, Pull};

pub const JOBS: Address<Pull> = Address::tcp("127.0.0.1:0");

fn main() {}
