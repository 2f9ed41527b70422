//! pgm is not in this libzmq: zmq_connect answers EPROTONOSUPPORT.
use zmq_typestate::{Address, Pub};

pub const FEED: Address<Pub> = Address::tcp("192.0.2.1:5555");

fn main() {}
