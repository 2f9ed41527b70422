//! `zeromq`: ZMTP in Rust, on tokio.

use peers::Expected;
use peers::workloads::{Answers, Asks, Library, Receives, Sends, run};
use zeromq::prelude::*;
use zeromq::{
    DealerSocket, PubSocket, PullSocket, PushSocket, RepSocket, ReqSocket, RouterSocket, SubSocket, ZmqMessage,
};

fn main() {
    run::<Zeromq>()
}

#[derive(Clone)]
struct Zeromq;

struct Wire<S>(S);

impl<S: Socket> Wire<S> {
    async fn connected(endpoint: &str) -> Self {
        let mut socket = S::new();
        socket.connect(endpoint).await.unwrap();
        Self(socket)
    }

    async fn bound(endpoint: &str) -> (Self, String) {
        let mut socket = S::new();
        let endpoint = socket.bind(endpoint).await.unwrap();
        (Self(socket), endpoint.to_string())
    }
}

impl Library for Zeromq {
    const INPROC: bool = false;

    type Push = Wire<PushSocket>;
    type Pull = Wire<PullSocket>;
    type Req = Wire<ReqSocket>;
    type Rep = Wire<RepSocket>;
    type Dealer = Wire<DealerSocket>;
    type Router = Wire<RouterSocket>;
    // Neither has a high water mark that could be set.
    type Publisher = Wire<PubSocket>;
    type Subscriber = Wire<SubSocket>;

    fn new() -> Self {
        Zeromq
    }

    async fn push(&self, endpoint: &str) -> Self::Push {
        Wire::connected(endpoint).await
    }

    async fn pull(&self, endpoint: &str) -> (Self::Pull, String) {
        Wire::bound(endpoint).await
    }

    async fn req(&self, endpoint: &str) -> Self::Req {
        Wire::connected(endpoint).await
    }

    async fn rep(&self, endpoint: &str) -> (Self::Rep, String) {
        Wire::bound(endpoint).await
    }

    async fn dealer(&self, endpoint: &str) -> Self::Dealer {
        Wire::connected(endpoint).await
    }

    async fn router(&self, endpoint: &str) -> (Self::Router, String) {
        Wire::bound(endpoint).await
    }

    async fn publish(&self, endpoint: &str, _messages: u64) -> (Self::Publisher, String) {
        Wire::bound(endpoint).await
    }

    async fn subscribe(&self, endpoint: &str, _messages: u64) -> Self::Subscriber {
        let mut subscriber = Wire::<SubSocket>::connected(endpoint).await;
        subscriber.0.subscribe("").await.unwrap();
        subscriber
    }
}

fn check(message: &ZmqMessage, expected: &mut Expected) {
    expected.check(message.iter().next_back().unwrap());
}

impl<S: SocketSend + Send + 'static> Sends for Wire<S> {
    async fn send(&mut self, payload: &[u8]) {
        self.0.send(payload.to_vec().into()).await.unwrap();
    }
}

impl<S: SocketRecv + Send + 'static> Receives for Wire<S> {
    async fn recv(&mut self, expected: &mut Expected) {
        check(&self.0.recv().await.unwrap(), expected);
    }
}

impl Asks for Wire<ReqSocket> {
    async fn ask(&mut self, payload: &[u8], expected: &mut Expected) {
        self.send(payload).await;
        self.recv(expected).await;
    }
}

impl<S: SocketSend + SocketRecv + Send + 'static> Answers for Wire<S> {
    async fn answer(&mut self, expected: &mut Expected) {
        let request = self.0.recv().await.unwrap();
        check(&request, expected);
        self.0.send(request).await.unwrap();
    }
}
