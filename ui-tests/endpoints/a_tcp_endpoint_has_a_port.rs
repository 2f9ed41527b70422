//! Without a port zmq_bind answers EINVAL.
use zmq_typestate::{Endpoint, Tcp};

pub const ENDPOINT: Endpoint<Tcp> = Endpoint::tcp("127.0.0.1");

fn main() {}
