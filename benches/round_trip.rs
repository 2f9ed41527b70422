//! What libzmq itself takes for a round trip over inproc: two PAIRs of the crate `zmq` in one thread, where a message is there
//! whenever it is asked for, and where each receive has failed once before, as it does for whoever waits.

mod rounds;

use std::time::Instant;

use zmq::{Context, DONTWAIT, PAIR, Socket};
// For libsodium, which a libzmq with CURVE calls.
use zmq_typestate as _;

const ROUND_TRIPS: u32 = 10_000;
const ROUNDS: usize = 21;

fn main() {
    let context = Context::new();
    let (here, there) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    here.bind("inproc://round_trip").unwrap();
    there.connect("inproc://round_trip").unwrap();
    println!("| a round trip over inproc, 64 B, one thread | |\n|---|---|");
    for (label, looks_before) in [("each message is there", false), ("each receive has failed once", true)] {
        let hop = |from: &Socket, to: &Socket| {
            if looks_before {
                assert_eq!(to.recv_msg(DONTWAIT).unwrap_err(), zmq::Error::EAGAIN);
            }
            from.send(&[7; 64][..], DONTWAIT).unwrap();
            assert_eq!(to.recv_msg(DONTWAIT).unwrap().len(), 64);
        };
        let microseconds = rounds::median((0..ROUNDS).map(|_| {
            let start = Instant::now();
            for _ in 0..ROUND_TRIPS {
                hop(&here, &there);
                hop(&there, &here);
            }
            start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUND_TRIPS)
        }));
        println!("| {label} | {microseconds:.2} us |");
    }
}
