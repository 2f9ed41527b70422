//! libzmq would look 127.0.0.300 up as a host name, in silence.
use zmq_typestate::{Endpoint, Tcp};

pub const ENDPOINT: Endpoint<Tcp> = Endpoint::tcp("127.0.0.30:5555");

fn main() {}
