//! A socket of another kind at this name aborts the process at the first login.
use zmq_typestate::{Endpoint, Inproc};

pub const ENDPOINT: Endpoint<Inproc> = Endpoint::inproc("zeromq.zap.01");

fn main() {}
