//! A longer path is ENAMETOOLONG.
use zmq_typestate::{Endpoint, Ipc};

pub const ENDPOINT: Endpoint<Ipc> = Endpoint::ipc("/run/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");

fn main() {}
