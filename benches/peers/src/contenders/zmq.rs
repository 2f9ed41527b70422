//! The reference: blocking calls of the `zmq` crate, from threads. Its futures never wait, so that what is around them costs
//! nothing to speak of: by callgrind, a message takes as many instructions as in plain loops, within two in a hundred.

use peers::Expected;
use peers::workloads::{Answers, Asks, Library, Receives, Sends, run};
use zmq::SocketType;

fn main() {
    run::<Zmq>()
}

#[derive(Clone)]
struct Zmq(zmq::Context);

impl Zmq {
    fn socket(&self, kind: SocketType) -> Socket {
        Socket(self.0.socket(kind).unwrap())
    }
}

struct Socket(zmq::Socket);

impl Socket {
    fn connected(self, endpoint: &str) -> Self {
        self.0.connect(endpoint).unwrap();
        self
    }

    fn bound(self, endpoint: &str) -> (Self, String) {
        self.0.bind(endpoint).unwrap();
        let bound = self.0.get_last_endpoint().unwrap().unwrap();
        (self, bound)
    }

    fn unlimited(self) -> Self {
        self.0.set_sndhwm(0).unwrap();
        self.0.set_rcvhwm(0).unwrap();
        self
    }
}

impl Library for Zmq {
    /// It has none, and is what those of the others are measured by: a call for each message.
    const BATCHES: bool = true;

    type Push = Socket;
    type Pull = Socket;
    type Req = Socket;
    type Rep = Socket;
    type Dealer = Socket;
    type Router = Socket;
    type Publisher = Socket;
    type Subscriber = Socket;

    fn new() -> Self {
        Zmq(zmq::Context::new())
    }

    async fn push(&self, endpoint: &str) -> Socket {
        self.socket(zmq::PUSH).connected(endpoint)
    }

    async fn pull(&self, endpoint: &str) -> (Socket, String) {
        self.socket(zmq::PULL).bound(endpoint)
    }

    async fn req(&self, endpoint: &str) -> Socket {
        self.socket(zmq::REQ).connected(endpoint)
    }

    async fn rep(&self, endpoint: &str) -> (Socket, String) {
        self.socket(zmq::REP).bound(endpoint)
    }

    async fn dealer(&self, endpoint: &str) -> Socket {
        self.socket(zmq::DEALER).connected(endpoint)
    }

    async fn router(&self, endpoint: &str) -> (Socket, String) {
        self.socket(zmq::ROUTER).bound(endpoint)
    }

    async fn publish(&self, endpoint: &str, _messages: u64) -> (Socket, String) {
        self.socket(zmq::PUB).unlimited().bound(endpoint)
    }

    async fn subscribe(&self, endpoint: &str, _messages: u64) -> Socket {
        let subscriber = self.socket(zmq::SUB).unlimited().connected(endpoint);
        subscriber.0.set_subscribe(b"").unwrap();
        subscriber
    }
}

impl Sends for Socket {
    async fn send(&mut self, payload: &[u8]) {
        self.0.send(payload, 0).unwrap();
    }
}

impl Receives for Socket {
    async fn recv(&mut self, expected: &mut Expected) {
        expected.check(&self.0.recv_msg(0).unwrap());
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
        let mut frame = self.0.recv_msg(0).unwrap();
        // From a ROUTER, the routing id.
        while frame.get_more() {
            self.0.send(frame, zmq::SNDMORE).unwrap();
            frame = self.0.recv_msg(0).unwrap();
        }
        expected.check(&frame);
        self.0.send(frame, 0).unwrap();
    }
}
