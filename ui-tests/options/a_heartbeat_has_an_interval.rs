//! ZMQ_HEARTBEAT_TIMEOUT without ZMQ_HEARTBEAT_IVL does nothing, in silence.
use std::time::Duration;

use zmq_typestate::Heartbeat;

const BEAT: Heartbeat = Heartbeat::timeout(Duration::from_secs(6));

fn main() {
    println!("{BEAT:?}");
}
