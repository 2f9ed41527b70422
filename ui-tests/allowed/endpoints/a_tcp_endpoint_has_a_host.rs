//! Without a host zmq_bind answers EINVAL.
use zmq_typestate::{Endpoint, Tcp};

pub const ENDPOINT: Endpoint<Tcp> = Endpoint::tcp("*:5555");

fn main() {}
