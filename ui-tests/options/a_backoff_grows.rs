//! ZMQ_RECONNECT_IVL_MAX below ZMQ_RECONNECT_IVL is ignored in silence.
use std::time::Duration;

use zmq_typestate::Backoff;

const VALUE: Backoff = Backoff::constant(Duration::from_secs(10), Duration::from_secs(1));

fn main() {
    println!("{VALUE:?}");
}
