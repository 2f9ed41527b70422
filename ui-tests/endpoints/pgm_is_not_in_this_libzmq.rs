//! pgm is not in this libzmq: zmq_connect answers EPROTONOSUPPORT.
use zmq_typestate::{Address, Pub};

pub const FEED: Address<Pub> = Address::pgm("eth0;239.192.1.1:5555");

fn main() {}
