//! tcp://tcp://127.0.0.1:5555 would be no endpoint.
use zmq_typestate::{Endpoint, Tcp};

pub const ENDPOINT: Endpoint<Tcp> = Endpoint::tcp("127.0.0.1:5555");

fn main() {}
