//! From which length handing a buffer over costs less than copying it: message and buffer, made and dropped.

mod rounds;

use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use zmq_typestate::Message;

/// Buffers that are there at once, so that their making is not measured.
const BUFFERS: usize = 100;
const ROUNDS: usize = 1_000;

fn main() {
    println!("| bytes | copied from a slice | from a Vec | from Bytes |\n|---|---|---|---|");
    for size in [64, 256, 512, 1024, 4096, 65_536] {
        let copied = nanoseconds(|| vec![7; size], |buffer| drop(black_box(Message::from(&buffer[..]))));
        let handed_over = nanoseconds(|| vec![7; size], |buffer| drop(black_box(Message::from(buffer))));
        let shared = nanoseconds(|| Bytes::from(vec![7; size]), |bytes| drop(black_box(Message::from(bytes))));
        println!("| {size} | {copied:.0} ns | {handed_over:.0} ns | {shared:.0} ns |");
    }
}

/// For one message: the median of the rounds.
fn nanoseconds<B>(buffer: impl Fn() -> B, message: impl Fn(B)) -> f64 {
    rounds::median((0..ROUNDS).map(|_| {
        let buffers: Vec<B> = (0..BUFFERS).map(|_| buffer()).collect();
        let start = Instant::now();
        buffers.into_iter().for_each(&message);
        start.elapsed().as_nanos() as f64 / BUFFERS as f64
    }))
}
