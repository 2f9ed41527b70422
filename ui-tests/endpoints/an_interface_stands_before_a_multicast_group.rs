//! An interface before a host that is no multicast group is EINVAL.
use zmq_typestate::{Endpoint, Udp};

pub const ENDPOINT: Endpoint<Udp> = Endpoint::udp("eth0;192.0.2.1:5555");

fn main() {}
