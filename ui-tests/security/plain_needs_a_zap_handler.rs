//! A PLAIN server without a ZAP handler refuses every client, in silence.
use zmq_typestate::{Plain, PlainServer, ZapDomain};

fn example(staff: &ZapDomain<Plain>) -> PlainServer {
    println!("{staff:?}");
    PlainServer::unencrypted("staff")
}

fn main() {
    let _ = example;
}
