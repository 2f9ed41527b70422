//! Without a port zmq_bind answers EINVAL, also before a path.
use zmq_typestate::{Endpoint, Ws};

pub const ENDPOINT: Endpoint<Ws> = Endpoint::ws("127.0.0.1:8080/jobs");

fn main() {}
