//! libzmq takes the last part of ::1 for the port.
use zmq_typestate::{Endpoint, Tcp};

pub const ENDPOINT: Endpoint<Tcp> = Endpoint::tcp("::1:5555");

fn main() {}
