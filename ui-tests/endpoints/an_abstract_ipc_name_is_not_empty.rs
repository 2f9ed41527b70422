//! An abstract name of nothing is EINVAL.
use zmq_typestate::{Endpoint, Ipc};

pub const ENDPOINT: Endpoint<Ipc> = Endpoint::ipc("@");

fn main() {}
