//! libzmq connects to such a host in silence, and never reaches it.
use zmq_typestate::{Endpoint, Tcp};

pub const ENDPOINT: Endpoint<Tcp> = Endpoint::tcp("my-host:5555");

fn main() {}
