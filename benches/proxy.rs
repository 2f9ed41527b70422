//! A streamer (PULL to PUSH, tcp) beside `zmq::proxy`, on the same libzmq in one run: the same feed and the same sink, blocking
//! calls of the `zmq` crate in threads of their own, and one or the other proxy between them, in turn.
//!
//! Ends with a table of the ratios; above 1 this crate is faster.

mod rounds;

use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use tokio::runtime::Builder;
use zmq_typestate::{Context, Proxy, Pull, Push};

use rounds::side_by_side;

fn main() {
    println!("| streamer, tcp | zmq::proxy | zmq-typestate | ratio |\n|---|---|---|---|");
    for (size, label, messages) in [(64, "64 B", 200_000), (1 << 16, "64 KiB", 4_000)] {
        let mut theirs = Line::through(theirs(), size);
        let mut ours = Line::through(ours(), size);
        side_by_side(label, messages, |messages| theirs.seconds(messages), |messages| ours.seconds(messages));
    }
    std::process::exit(0);
}

/// Where the feed and the sink connect.
type Ends = (String, String);

fn theirs() -> Ends {
    let context = zmq::Context::new();
    let (incoming, outgoing) = (context.socket(zmq::PULL).unwrap(), context.socket(zmq::PUSH).unwrap());
    let bound = [&incoming, &outgoing].map(|socket| {
        socket.bind("tcp://127.0.0.1:*").unwrap();
        socket.get_last_endpoint().unwrap().unwrap()
    });
    thread::spawn(move || zmq::proxy(&incoming, &outgoing));
    bound.into()
}

fn ours() -> Ends {
    let context = Context::new().unwrap();
    let incoming = context.socket::<Pull>().unwrap().bind("tcp://127.0.0.1:*").unwrap();
    let outgoing = context.socket::<Push>().unwrap().bind("tcp://127.0.0.1:*").unwrap();
    let ends = (incoming.address().to_string(), outgoing.address().to_string());
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(Proxy::new(incoming, outgoing).run()).unwrap().stats
    });
    ends
}

/// A feed in a thread, and a sink here.
struct Line {
    feed: mpsc::Sender<usize>,
    sink: zmq::Socket,
    size: usize,
}

impl Line {
    fn through((incoming, outgoing): Ends, size: usize) -> Self {
        let context = zmq::Context::new();
        let sink = context.socket(zmq::PULL).unwrap();
        sink.connect(&outgoing).unwrap();
        let push = context.socket(zmq::PUSH).unwrap();
        push.connect(&incoming).unwrap();
        let (feed, orders) = mpsc::channel();
        thread::spawn(move || {
            let payload = vec![7; size];
            for messages in orders {
                for _ in 0..messages {
                    push.send(&payload[..], 0).unwrap();
                }
            }
        });
        Self { feed, sink, size }
    }

    fn seconds(&mut self, messages: usize) -> f64 {
        let begun = Instant::now();
        self.feed.send(messages).unwrap();
        for _ in 0..messages {
            assert_eq!(self.sink.recv_msg(0).unwrap().len(), self.size);
        }
        begun.elapsed().as_secs_f64()
    }
}
