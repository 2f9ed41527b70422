//! zmq_connect answers EINVAL for a wildcard: nobody could connect to this address.
use zmq_typestate::{Address, Pull};

pub const JOBS: Address<Pull> = Address::tcp("*:5557");

fn main() {}
