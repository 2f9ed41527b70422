//! The C string would end at the NUL byte.
use zmq_typestate::{Endpoint, Ipc};

pub const ENDPOINT: Endpoint<Ipc> = Endpoint::ipc("/run/ab");

fn main() {}
