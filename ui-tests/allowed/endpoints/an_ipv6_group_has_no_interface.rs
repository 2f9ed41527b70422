//! This libzmq knows no interface of IPv6 multicast: zmq_connect answers ENODEV.
use zmq_typestate::{Endpoint, Udp};

pub const ENDPOINT: Endpoint<Udp> = Endpoint::udp("[ff02::1]:5555");

fn main() {}
