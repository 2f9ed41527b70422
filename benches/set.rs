//! Two thousand sockets that receive, in one task by a `SocketSet`, beside a task for each of them; both on a current-thread
//! runtime, fed round robin by a thread over inproc, in turn.
//!
//! Ends with a table; above 1 the set is faster.

mod rounds;

use std::num::NonZeroU16;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc as counting;
use zmq_typestate::{Bound, Context, Pull, Push, Socket, SocketSet};

use rounds::side_by_side;

const SOCKETS: usize = 2000;

fn main() {
    println!("| {SOCKETS} sockets, inproc 64 B | 2000 tasks | SocketSet | ratio |\n|---|---|---|---|");
    // All of them busy, and a few of many.
    for (label, active) in [("all have messages", SOCKETS), ("ten have messages", 10)] {
        side_by_side(label, 200_000, tasks(active), set(active));
    }
    std::process::exit(0);
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Sockets that receive, and a thread that sends to the first so many of them in turn.
fn sockets(active: usize) -> (Vec<Socket<Pull, Bound>>, mpsc::Sender<usize>) {
    let context = Context::builder().max_sockets(NonZeroU16::MAX).build().unwrap();
    let mut feeds = Vec::new();
    let pulls = (0..SOCKETS).map(|number| {
        let pull = context.socket::<Pull>().unwrap().bind(format!("inproc://{number}")).unwrap();
        feeds.push(context.socket::<Push>().unwrap().connect(pull.address()).unwrap());
        pull
    });
    let pulls = pulls.collect();
    let (feed, orders) = mpsc::channel();
    thread::spawn(move || {
        for messages in orders {
            for number in 0..messages {
                feeds[number % active].blocking_send([7; 64]).unwrap();
            }
        }
    });
    (pulls, feed)
}

fn tasks(active: usize) -> impl FnMut(usize) -> f64 {
    let (pulls, feed) = sockets(active);
    let runtime = runtime();
    let (counter, mut counted) = counting::unbounded_channel();
    for mut pull in pulls {
        let counter = counter.clone();
        runtime.spawn(async move {
            while let Ok(message) = pull.recv().await {
                counter.send(message.len()).unwrap();
            }
        });
    }
    move |messages| {
        let begun = Instant::now();
        feed.send(messages).unwrap();
        runtime.block_on(async {
            for _ in 0..messages {
                assert_eq!(counted.recv().await, Some(64));
            }
        });
        begun.elapsed().as_secs_f64()
    }
}

fn set(active: usize) -> impl FnMut(usize) -> f64 {
    let (pulls, feed) = sockets(active);
    let runtime = runtime();
    let mut set: SocketSet<_, _> = pulls.into_iter().collect();
    move |messages| {
        let begun = Instant::now();
        feed.send(messages).unwrap();
        runtime.block_on(async {
            for _ in 0..messages {
                assert_eq!(set.recv().await.unwrap().1.unwrap().len(), 64);
            }
        });
        begun.elapsed().as_secs_f64()
    }
}
