//! libzmq rounds a ZMQ_HEARTBEAT_TTL of 99 milliseconds down to 0, which is off.
use std::time::Duration;

use zmq_typestate::{Heartbeat, Ttl};

const ROUNDED_UP: Ttl = Ttl::constant(Duration::from_millis(99));

fn main() {
    let beat = Heartbeat::every(Duration::from_secs(1)).ttl(ROUNDED_UP);
    println!("{beat:?} {ROUNDED_UP:?}");
}
