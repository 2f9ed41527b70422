//! `omq-tokio`: ZMTP in Rust, with I/O threads of its own, as its README has it.

use std::collections::VecDeque;

use omq_tokio::{Context, IdentitySocket, Message, Options, SocketType, TrySendError};
use peers::workloads::{Answers, Asks, Library, Receives, Sends, run};
use peers::{Expected, Payload};

fn main() {
    run::<Omq>()
}

#[derive(Clone)]
struct Omq(Context);

impl Omq {
    fn socket(&self, kind: SocketType) -> Socket {
        self.socket_with(kind, Options::default())
    }

    fn socket_with(&self, kind: SocketType, options: Options) -> Socket {
        Socket { socket: self.0.socket(kind, options), received: Vec::new(), unsent: VecDeque::new() }
    }
}

struct Socket {
    socket: omq_tokio::Socket,
    /// What the calls for many messages fill and empty.
    received: Vec<Message>,
    unsent: VecDeque<Message>,
}

impl Socket {
    async fn connected(self, endpoint: &str) -> Self {
        self.socket.connect(endpoint).await.unwrap();
        self
    }

    async fn bound(self, endpoint: &str) -> (Self, String) {
        let endpoint = self.socket.bind(endpoint).await.unwrap();
        (self, endpoint.to_string())
    }
}

/// It has no unlimited queues, and larger ones than of 2^20 messages are of that size.
fn room_for(messages: u64) -> Options {
    Options::default().send_hwm(messages as u32).recv_hwm(messages as u32)
}

impl Library for Omq {
    const BATCHES: bool = true;

    type Push = Socket;
    type Pull = Socket;
    type Req = Socket;
    type Rep = Socket;
    type Dealer = Socket;
    type Router = Router;
    type Publisher = Socket;
    type Subscriber = Socket;

    fn new() -> Self {
        Omq(Context::new())
    }

    async fn push(&self, endpoint: &str) -> Socket {
        self.socket(SocketType::Push).connected(endpoint).await
    }

    async fn pull(&self, endpoint: &str) -> (Socket, String) {
        self.socket(SocketType::Pull).bound(endpoint).await
    }

    async fn req(&self, endpoint: &str) -> Socket {
        self.socket(SocketType::Req).connected(endpoint).await
    }

    async fn rep(&self, endpoint: &str) -> (Socket, String) {
        self.socket(SocketType::Rep).bound(endpoint).await
    }

    async fn dealer(&self, endpoint: &str) -> Socket {
        self.socket(SocketType::Dealer).connected(endpoint).await
    }

    async fn router(&self, endpoint: &str) -> (Router, String) {
        let (router, endpoint) = self.socket(SocketType::Router).bound(endpoint).await;
        (Router(router.socket.identity_routing().unwrap()), endpoint)
    }

    async fn publish(&self, endpoint: &str, messages: u64) -> (Socket, String) {
        self.socket_with(SocketType::Pub, room_for(messages)).bound(endpoint).await
    }

    async fn subscribe(&self, endpoint: &str, messages: u64) -> Socket {
        let subscriber = self.socket_with(SocketType::Sub, room_for(messages)).connected(endpoint).await;
        subscriber.socket.subscribe("").await.unwrap();
        subscriber
    }
}

fn check(message: &Message, expected: &mut Expected) {
    expected.check(message.part_slice(0).unwrap());
}

impl Sends for Socket {
    async fn send(&mut self, payload: &[u8]) {
        self.socket.send(Message::from_slice(payload)).await.unwrap();
    }

    async fn send_many(&mut self, payloads: &mut Payload, count: usize) {
        self.unsent.extend((0..count).map(|_| Message::from_slice(payloads.following())));
        while !self.unsent.is_empty() {
            match self.socket.try_send_many(&mut self.unsent, count) {
                Ok(_) => {}
                Err(TrySendError::Full(message)) => {
                    self.unsent.push_front(message);
                    self.socket.wait_send_ready().await;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
}

impl Receives for Socket {
    async fn recv(&mut self, expected: &mut Expected) {
        check(&self.socket.recv().await.unwrap(), expected);
    }

    async fn recv_many(&mut self, expected: &mut Expected, limit: usize) {
        self.socket.recv_many_into(limit, &mut self.received).await.unwrap();
        self.received.drain(..).for_each(|message| check(&message, expected));
    }
}

impl Asks for Socket {
    async fn ask(&mut self, payload: &[u8], expected: &mut Expected) {
        self.send(payload).await;
        self.recv(expected).await;
    }
}

impl Answers for Socket {
    async fn answer(&mut self, expected: &mut Expected) {
        let request = self.socket.recv().await.unwrap();
        check(&request, expected);
        self.socket.send(request).await.unwrap();
    }
}

struct Router(IdentitySocket);

impl Answers for Router {
    async fn answer(&mut self, expected: &mut Expected) {
        let (peer, request) = self.0.recv_from().await.unwrap();
        check(&request, expected);
        self.0.send_to(peer, request).await.unwrap();
    }
}
