//! `rzmq`: ZMTP in Rust, on tokio; without io_uring, which is not among its defaults.

use peers::Expected;
use peers::workloads::{Answers, Asks, Library, Receives, Sends, run};
use rzmq::socket::{LAST_ENDPOINT, RCVHWM, SNDHWM, SUBSCRIBE};
use rzmq::{Context, Msg, SocketType};

fn main() {
    run::<Rzmq>()
}

#[derive(Clone)]
struct Rzmq(Context);

impl Rzmq {
    fn socket(&self, kind: SocketType) -> Socket {
        Socket(self.0.socket(kind).unwrap())
    }
}

struct Socket(rzmq::Socket);

impl Socket {
    async fn connected(self, endpoint: &str) -> Self {
        self.0.connect(endpoint).await.unwrap();
        self
    }

    async fn bound(self, endpoint: &str) -> (Self, String) {
        self.0.bind(endpoint).await.unwrap();
        let bound = self.0.get_option(LAST_ENDPOINT).await.unwrap();
        (self, String::from_utf8(bound).unwrap())
    }

    /// It has no unlimited queues, and allocates them beforehand.
    async fn with_room_for(self, messages: u64) -> Self {
        for option in [SNDHWM, RCVHWM] {
            self.0.set_option(option, messages as i32).await.unwrap();
        }
        self
    }
}

impl Library for Rzmq {
    type Push = Socket;
    type Pull = Socket;
    type Req = Socket;
    type Rep = Socket;
    type Dealer = Socket;
    type Router = Router;
    type Publisher = Socket;
    type Subscriber = Socket;

    fn new() -> Self {
        Rzmq(Context::new().unwrap())
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
        let (Socket(router), endpoint) = self.socket(SocketType::Router).bound(endpoint).await;
        (Router(router), endpoint)
    }

    async fn publish(&self, endpoint: &str, messages: u64) -> (Socket, String) {
        self.socket(SocketType::Pub).with_room_for(messages).await.bound(endpoint).await
    }

    async fn subscribe(&self, endpoint: &str, messages: u64) -> Socket {
        let subscriber = self.socket(SocketType::Sub).with_room_for(messages).await;
        subscriber.0.set_option(SUBSCRIBE, "").await.unwrap();
        subscriber.connected(endpoint).await
    }
}

fn check(message: &Msg, expected: &mut Expected) {
    expected.check(message.data().unwrap_or_default());
}

impl Sends for Socket {
    async fn send(&mut self, payload: &[u8]) {
        self.0.send(Msg::from_vec(payload.to_vec())).await.unwrap();
    }
}

impl Receives for Socket {
    async fn recv(&mut self, expected: &mut Expected) {
        check(&self.0.recv().await.unwrap(), expected);
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
        let request = self.0.recv().await.unwrap();
        check(&request, expected);
        self.0.send(request).await.unwrap();
    }
}

struct Router(rzmq::Socket);

impl Answers for Router {
    async fn answer(&mut self, expected: &mut Expected) {
        let request = self.0.recv_multipart().await.unwrap();
        check(request.last().unwrap(), expected);
        self.0.send_multipart(request).await.unwrap();
    }
}
