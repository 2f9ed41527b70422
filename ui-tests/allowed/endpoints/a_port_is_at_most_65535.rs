//! libzmq takes port 70000 for 4464.
use zmq_typestate::{Endpoint, Tcp};

pub const ENDPOINT: Endpoint<Tcp> = Endpoint::tcp("127.0.0.1:7000");

fn main() {}
