//! An empty ipc path is EINVAL.
use zmq_typestate::{Endpoint, Ipc};

pub const ENDPOINT: Endpoint<Ipc> = Endpoint::ipc("/run/jobs.sock");

fn main() {}
