//! PLAIN sends user name and password in the clear: over tcp everybody on the way can read them.
use zmq_typestate::{PlainClient, Result};

fn example(password: &str) -> Result<PlainClient> {
    PlainClient::new("ann", password)
}

fn main() {
    let _ = example;
}
