//! An empty inproc name is EINVAL.
use zmq_typestate::{Endpoint, Inproc};

pub const ENDPOINT: Endpoint<Inproc> = Endpoint::inproc("jobs");

fn main() {}
