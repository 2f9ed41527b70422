//! The workloads, written once over what a library offers: a contender is an implementation of [`Library`].

use std::future::pending;
use std::io;
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::{END, Expected, GO, LOOPBACK, Order, PROBE, Payload, Report};

/// The sockets of a library, as the workloads need them. PULL, REP, ROUTER and PUB bind, and say where.
pub trait Library: Clone + Send + Sync + 'static {
    /// Whether it has the transport of that name.
    const INPROC: bool = true;
    /// Whether [`Sends::send_many`] and [`Receives::recv_many`] are calls of the library.
    const BATCHES: bool = false;

    type Push: Sends;
    type Pull: Receives;
    type Req: Asks;
    type Rep: Answers;
    type Dealer: Sends + Receives;
    type Router: Answers;
    type Publisher: Sends;
    type Subscriber: Receives;

    fn new() -> Self;
    fn push(&self, endpoint: &str) -> impl Future<Output = Self::Push> + Send;
    fn pull(&self, endpoint: &str) -> impl Future<Output = (Self::Pull, String)> + Send;
    fn req(&self, endpoint: &str) -> impl Future<Output = Self::Req> + Send;
    fn rep(&self, endpoint: &str) -> impl Future<Output = (Self::Rep, String)> + Send;
    fn dealer(&self, endpoint: &str) -> impl Future<Output = Self::Dealer> + Send;
    fn router(&self, endpoint: &str) -> impl Future<Output = (Self::Router, String)> + Send;
    /// With no high water mark, or one that has room for so many messages, where the library lets that be said: nothing should
    /// be lost.
    fn publish(&self, endpoint: &str, messages: u64) -> impl Future<Output = (Self::Publisher, String)> + Send;
    /// To everything; with a high water mark as that of [`publish`](Self::publish).
    fn subscribe(&self, endpoint: &str, messages: u64) -> impl Future<Output = Self::Subscriber> + Send;
}

pub trait Sends: Send + 'static {
    fn send(&mut self, payload: &[u8]) -> impl Future<Output = ()> + Send;

    fn send_many(&mut self, payloads: &mut Payload, count: usize) -> impl Future<Output = ()> + Send {
        async move {
            for _ in 0..count {
                self.send(payloads.following()).await;
            }
        }
    }
}

pub trait Receives: Send + 'static {
    fn recv(&mut self, expected: &mut Expected) -> impl Future<Output = ()> + Send;

    /// At least one message, at most `limit`.
    fn recv_many(&mut self, expected: &mut Expected, _limit: usize) -> impl Future<Output = ()> + Send {
        self.recv(expected)
    }
}

pub trait Asks: Send + 'static {
    /// One round trip.
    fn ask(&mut self, payload: &[u8], expected: &mut Expected) -> impl Future<Output = ()> + Send;
}

pub trait Answers: Send + 'static {
    /// Receives a request, and sends it back to where it came from.
    fn answer(&mut self, expected: &mut Expected) -> impl Future<Output = ()> + Send;
}

/// The whole of a contender: it does as it was ordered, and ends with the process.
pub fn run<L: Library>() -> ! {
    let order = Order::from_args().expect("the runner starts contenders, with the arguments of an `Order`");
    let batches = matches!(&*order.role, "push" | "pull") && order.width > 1;
    if order.role.starts_with("inproc") && !L::INPROC || batches && !L::BATCHES {
        end(&Report::Unsupported)
    }
    let runtime = Runtime::named(&order.runtime);
    let go = watch_input();
    runtime.block_on(play::<L>(order, runtime, go))
}

async fn play<L: Library>(order: Order, runtime: Runtime, go: oneshot::Receiver<()>) -> ! {
    let library = L::new();
    match &*order.role {
        "push" => push(library, order).await,
        "pull" => {
            let (mut pull, endpoint) = library.pull(LOOPBACK).await;
            say(&Report::Endpoint(endpoint));
            end(&receive(&mut pull, &order).await)
        }
        "req" => ask(library, order).await,
        "rep" => {
            let (rep, endpoint) = library.rep(LOOPBACK).await;
            say(&Report::Endpoint(endpoint));
            answer(rep, order).await
        }
        "dealer" => {
            let dealer = library.dealer(&order.endpoint).await;
            let mut requests = InFlight { dealer, payloads: Payload::new(order.size) };
            for _ in 0..order.width {
                requests.dealer.send(requests.payloads.following()).await;
            }
            end(&receive(&mut requests, &Order { width: 1, ..order }).await)
        }
        "router" => {
            let (router, endpoint) = library.router(LOOPBACK).await;
            say(&Report::Endpoint(endpoint));
            answer(router, order).await
        }
        "publish" => publish(library, order, go).await,
        "subscribe" => subscribe(library, order, runtime).await,
        "inproc_push_pull" => {
            let (mut pull, endpoint) = library.pull("inproc://peers").await;
            runtime.beside(push(library.clone(), Order { endpoint, ..order.clone() }));
            end(&receive(&mut pull, &order).await)
        }
        "inproc_req_rep" => {
            let (rep, endpoint) = library.rep("inproc://peers").await;
            runtime.beside(answer(rep, order.clone()));
            ask(library, Order { endpoint, ..order }).await
        }
        "many" => many(library, order, runtime).await,
        role => panic!("there is no role {role}"),
    }
}

/// Sends everything, and stays.
async fn push<L: Library>(library: L, order: Order) -> ! {
    let mut push = library.push(&order.endpoint).await;
    let mut payloads = Payload::new(order.size);
    if order.width > 1 {
        for _ in 0..order.total().div_ceil(order.width as u64) {
            push.send_many(&mut payloads, order.width).await;
        }
    } else {
        for _ in 0..order.total() {
            push.send(payloads.following()).await;
        }
    }
    pending().await
}

async fn receive(socket: &mut impl Receives, order: &Order) -> Report {
    let mut expected = Expected::all(order.size);
    receive_until(order.warm_up(), socket, &mut expected, order.width).await;
    let (begun, before) = (Instant::now(), expected.received);
    receive_until(order.total(), socket, &mut expected, order.width).await;
    took(begun.elapsed(), expected.received - before, 0)
}

async fn receive_until(count: u64, socket: &mut impl Receives, expected: &mut Expected, width: usize) {
    if width > 1 {
        while expected.received < count {
            socket.recv_many(expected, width).await;
        }
    } else {
        while expected.received < count {
            socket.recv(expected).await;
        }
    }
}

async fn ask<L: Library>(library: L, order: Order) -> ! {
    let mut req = library.req(&order.endpoint).await;
    let mut payloads = Payload::new(order.size);
    let mut expected = Expected::all(order.size);
    let mut nanos = Vec::with_capacity(order.total() as usize);
    for _ in 0..order.total() {
        let begun = Instant::now();
        req.ask(payloads.following(), &mut expected).await;
        nanos.push(begun.elapsed().as_nanos() as u64);
    }
    let measured = &mut nanos[order.warm_up() as usize..];
    measured.sort_unstable();
    let at = |percent| measured[(measured.len() - 1) * percent / 100];
    end(&Report::RoundTrip { median_nanos: at(50), p99_nanos: at(99) })
}

/// Answers for ever.
async fn answer(mut socket: impl Answers, order: Order) -> ! {
    let mut expected = Expected::all(order.size);
    loop {
        socket.answer(&mut expected).await;
    }
}

/// A DEALER that sends a request for each answer.
struct InFlight<D> {
    dealer: D,
    payloads: Payload,
}

impl<D: Sends + Receives> Receives for InFlight<D> {
    async fn recv(&mut self, expected: &mut Expected) {
        self.dealer.recv(expected).await;
        self.dealer.send(self.payloads.following()).await;
    }
}

const BETWEEN_MARKS: Duration = Duration::from_millis(10);

/// As many messages as a queue has to hold so that none is lost: all of them, and some probes.
fn room(order: &Order) -> u64 {
    order.total() + 1_000
}

/// Sends probes until all subscribers have had one, then everything, then ends.
async fn publish<L: Library>(library: L, order: Order, mut go: oneshot::Receiver<()>) -> ! {
    let (mut publisher, endpoint) = library.publish(LOOPBACK, room(&order)).await;
    say(&Report::Endpoint(endpoint));
    let mut payloads = Payload::new(order.size);
    while go.try_recv().is_err() {
        publisher.send(payloads.numbered(PROBE)).await;
        sleep(BETWEEN_MARKS).await;
    }
    for _ in 0..order.total() {
        publisher.send(payloads.following()).await;
    }
    loop {
        publisher.send(payloads.numbered(END)).await;
        sleep(BETWEEN_MARKS).await;
    }
}

/// From the first message of any subscriber to the last of all.
async fn subscribe<L: Library>(library: L, order: Order, runtime: Runtime) -> ! {
    let (ready, mut readied) = mpsc::unbounded_channel();
    let (heard, mut hearing) = mpsc::unbounded_channel();
    for _ in 0..order.width {
        let (library, order, ready, heard) = (library.clone(), order.clone(), ready.clone(), heard.clone());
        runtime.spawn(hear(library, order, ready, heard));
    }
    for _ in 0..order.width {
        readied.recv().await;
    }
    say(&Report::Ready);

    let mut all = hearing.recv().await.unwrap();
    for _ in 1..order.width {
        let one = hearing.recv().await.unwrap();
        all.begun = all.begun.min(one.begun);
        all.ended = all.ended.max(one.ended);
        all.lost += one.lost;
    }
    end(&took(all.ended - all.begun, order.messages, all.lost))
}

struct Heard {
    begun: Instant,
    ended: Instant,
    lost: u64,
}

/// One of the subscribers; it stays, so that the others have no advantage.
async fn hear<L: Library>(
    library: L,
    order: Order,
    ready: mpsc::UnboundedSender<()>,
    heard: mpsc::UnboundedSender<Heard>,
) -> ! {
    let mut subscriber = library.subscribe(&order.endpoint, room(&order)).await;
    let mut expected = Expected::with_gaps(order.size);
    while !expected.probed {
        subscriber.recv(&mut expected).await;
    }
    let _ = ready.send(());
    while expected.next < order.warm_up() && !expected.ended {
        subscriber.recv(&mut expected).await;
    }
    let begun = Instant::now();
    while expected.next < order.total() && !expected.ended {
        subscriber.recv(&mut expected).await;
    }
    let lost = order.total() - expected.received;
    let _ = heard.send(Heard { begun, ended: Instant::now(), lost });
    pending().await
}

/// PUSH and PULL by pairs, of which one has something to do; for each other PULL somebody waits.
async fn many<L: Library>(library: L, order: Order, runtime: Runtime) -> ! {
    let place = |number| if L::INPROC { format!("inproc://peers-{number}") } else { LOOPBACK.to_owned() };
    let mut idle = Vec::new();
    for number in 1..order.width / 2 {
        let (mut pull, endpoint) = library.pull(&place(number)).await;
        idle.push(library.push(&endpoint).await);
        runtime.spawn(async move {
            pull.recv(&mut Expected::all(order.size)).await;
            panic!("nobody had sent what an idle socket received");
        });
    }
    let (mut pull, endpoint) = library.pull(&place(0)).await;
    let order = Order { width: 1, endpoint, ..order };
    runtime.beside(push(library.clone(), order.clone()));
    end(&receive(&mut pull, &order).await)
}

fn took(time: Duration, messages: u64, lost: u64) -> Report {
    Report::Took { nanos: time.as_nanos() as u64, messages, lost }
}

fn say(report: &Report) {
    println!("{report}");
}

/// Before any socket is dropped: the other end would see it go, and complain first.
fn end(report: &Report) -> ! {
    say(report);
    process::exit(0)
}

/// Resolves at [`GO`]. The end of the input, when the runner has what it wants or is no more, ends the process.
fn watch_input() -> oneshot::Receiver<()> {
    let (go, gone) = oneshot::channel();
    thread::spawn(move || {
        let mut go = Some(go);
        for line in io::stdin().lines().map_while(Result::ok) {
            if let (GO, Some(go)) = (&*line, go.take()) {
                let _ = go.send(());
            }
        }
        process::exit(0)
    });
    gone
}

/// Where the tasks of a contender run.
#[derive(Clone, Copy)]
enum Runtime {
    /// Each on a thread of its own, which it blocks.
    Threads,
    /// On one current-thread runtime; the two ends of a pair on one each.
    CurrentThread,
    /// On one current-thread runtime, all of them.
    OneThread,
    /// Spawned on a multi-thread runtime.
    MultiThread,
}

impl Runtime {
    fn named(name: &str) -> Self {
        match name {
            "threads" => Runtime::Threads,
            "current_thread" => Runtime::CurrentThread,
            "one_thread" => Runtime::OneThread,
            "multi_thread" => Runtime::MultiThread,
            _ => panic!("there is no runtime {name}"),
        }
    }

    fn block_on<T: Send + 'static>(self, future: impl Future<Output = T> + Send + 'static) -> T {
        match self {
            Runtime::Threads => Builder::new_current_thread().enable_time().build().unwrap().block_on(future),
            Runtime::CurrentThread | Runtime::OneThread => {
                Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
            }
            // What is not spawned runs on none of the runtime's threads.
            Runtime::MultiThread => {
                let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
                runtime.block_on(runtime.spawn(future)).unwrap()
            }
        }
    }

    /// One of many tasks.
    fn spawn<T: Send + 'static>(self, future: impl Future<Output = T> + Send + 'static) {
        match self {
            Runtime::Threads => self.on_thread(future),
            _ => drop(tokio::spawn(future)),
        }
    }

    /// The other end of a pair.
    fn beside<T: Send + 'static>(self, future: impl Future<Output = T> + Send + 'static) {
        match self {
            Runtime::Threads | Runtime::CurrentThread => self.on_thread(future),
            _ => drop(tokio::spawn(future)),
        }
    }

    fn on_thread<T: Send + 'static>(self, future: impl Future<Output = T> + Send + 'static) {
        thread::spawn(move || self.block_on(future));
    }
}
