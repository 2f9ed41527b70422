//! A peer takes ZMQ_HEARTBEAT_TTL modulo 65.536 seconds: it would drop the connection again and again.
use std::time::Duration;

use zmq_typestate::Ttl;

const VALUE: Ttl = Ttl::constant(Duration::from_secs(66));

fn main() {
    println!("{VALUE:?}");
}
