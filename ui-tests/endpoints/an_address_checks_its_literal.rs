//! libzmq takes port 65537 for 1.
use zmq_typestate::{Address, Pull};

pub const JOBS: Address<Pull> = Address::tcp("127.0.0.1:65537");

fn main() {}
