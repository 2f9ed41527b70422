//! This repository's library.

use std::collections::VecDeque;

use peers::workloads::{Answers, Asks, Library, Receives, Sends, run};
use peers::{Expected, Order, Payload};
use zmq_typestate::{
    Attached, Bound, CanRecv, CanSend, Connected, Context, Dealer, Hwm, Latency, Message, Pub, Pull, Push, Rep, Req,
    Router, Socket, SocketType, Sub,
};

fn main() {
    run::<Typestate>()
}

#[derive(Clone)]
struct Typestate {
    context: Context,
    latency: Latency,
}

impl Typestate {
    fn socket<T: SocketType>(&self) -> Socket<T::Fresh> {
        self.context.socket::<T>().unwrap().latency(self.latency)
    }
}

struct Wire<T, M> {
    socket: Socket<T, M>,
    /// What the calls for many messages fill and empty.
    received: Vec<Message>,
    unsent: VecDeque<Message>,
}

impl<T: SocketType, M> Wire<T, M> {
    fn new(socket: Socket<T, M>) -> Self {
        Self { socket, received: Vec::new(), unsent: VecDeque::new() }
    }
}

impl<T: SocketType> Wire<T, Bound> {
    fn with_endpoint(socket: Socket<T, Bound>) -> (Self, String) {
        let endpoint = socket.address().to_string();
        (Self::new(socket), endpoint)
    }
}

impl Library for Typestate {
    const BATCHES: bool = true;

    type Push = Wire<Push, Connected>;
    type Pull = Wire<Pull, Bound>;
    type Req = Wire<Req, Connected>;
    type Rep = Wire<Rep, Bound>;
    type Dealer = Wire<Dealer, Connected>;
    type Router = Wire<Router, Bound>;
    type Publisher = Wire<Pub, Bound>;
    type Subscriber = Wire<Sub, Connected>;

    fn new() -> Self {
        let low = Order::from_args().is_some_and(|order| order.low_latency);
        Typestate { context: Context::new().unwrap(), latency: if low { Latency::Low } else { Latency::Normal } }
    }

    async fn push(&self, endpoint: &str) -> Self::Push {
        Wire::new(self.socket::<Push>().connect(endpoint).unwrap())
    }

    async fn pull(&self, endpoint: &str) -> (Self::Pull, String) {
        Wire::with_endpoint(self.socket::<Pull>().bind(endpoint).unwrap())
    }

    async fn req(&self, endpoint: &str) -> Self::Req {
        Wire::new(self.socket::<Req>().connect(endpoint).unwrap())
    }

    async fn rep(&self, endpoint: &str) -> (Self::Rep, String) {
        Wire::with_endpoint(self.socket::<Rep>().bind(endpoint).unwrap())
    }

    async fn dealer(&self, endpoint: &str) -> Self::Dealer {
        Wire::new(self.socket::<Dealer>().connect(endpoint).unwrap())
    }

    async fn router(&self, endpoint: &str) -> (Self::Router, String) {
        Wire::with_endpoint(self.socket::<Router>().bind(endpoint).unwrap())
    }

    async fn publish(&self, endpoint: &str, _messages: u64) -> (Self::Publisher, String) {
        Wire::with_endpoint(self.socket::<Pub>().send_hwm(Hwm::Unlimited).bind(endpoint).unwrap())
    }

    async fn subscribe(&self, endpoint: &str, _messages: u64) -> Self::Subscriber {
        let idle = self.socket::<Sub>().recv_hwm(Hwm::Unlimited);
        Wire::new(idle.subscribe("").connect(endpoint).unwrap())
    }
}

impl<T: CanSend, M: Attached + 'static> Sends for Wire<T, M> {
    async fn send(&mut self, payload: &[u8]) {
        self.socket.send(payload).await.unwrap();
    }

    async fn send_many(&mut self, payloads: &mut Payload, count: usize) {
        self.unsent.extend((0..count).map(|_| payloads.following().into()));
        self.socket.send_many(&mut self.unsent).await.unwrap();
    }
}

impl<T: CanRecv<Incoming = Message>, M: Attached + 'static> Receives for Wire<T, M> {
    async fn recv(&mut self, expected: &mut Expected) {
        expected.check(&self.socket.recv().await.unwrap());
    }

    async fn recv_many(&mut self, expected: &mut Expected, limit: usize) {
        self.socket.recv_many(&mut self.received, limit).await.unwrap();
        self.received.drain(..).for_each(|message| expected.check(&message));
    }
}

impl Asks for Wire<Req, Connected> {
    async fn ask(&mut self, payload: &[u8], expected: &mut Expected) {
        expected.check(&self.socket.request(payload).await.unwrap());
    }
}

impl Answers for Wire<Rep, Bound> {
    async fn answer(&mut self, expected: &mut Expected) {
        let request = self.socket.next_request().await.unwrap();
        let message = request[0].clone();
        expected.check(&message);
        request.reply(message).unwrap();
    }
}

impl Answers for Wire<Router, Bound> {
    async fn answer(&mut self, expected: &mut Expected) {
        let (peer, message) = self.socket.recv().await.unwrap();
        expected.check(&message);
        self.socket.send_to(&peer, message).await.unwrap();
    }
}
