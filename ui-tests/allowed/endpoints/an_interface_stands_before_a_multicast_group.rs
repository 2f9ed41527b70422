//! An interface before a host that is no multicast group is EINVAL.
use zmq_typestate::{Endpoint, Udp};

pub const ENDPOINT: Endpoint<Udp> = Endpoint::udp("eth0;239.0.0.1:5555");

fn main() {}
