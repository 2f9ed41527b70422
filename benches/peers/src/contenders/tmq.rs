//! `tmq`, on the libzmq of the reference.

use futures::{Sink, SinkExt, Stream, StreamExt};
use peers::Expected;
use peers::workloads::{Answers, Asks, Library, Receives, Sends, run};
use tmq::dealer::Dealer;
use tmq::publish::Publish;
use tmq::pull::Pull;
use tmq::push::Push;
use tmq::request_reply::{RequestReceiver, RequestSender};
use tmq::router::Router;
use tmq::subscribe::Subscribe;
use tmq::{AsZmqSocket, Context, Message, Multipart, TmqError};

fn main() {
    run::<Tmq>()
}

#[derive(Clone)]
struct Tmq(Context);

struct Wire<S>(S);

impl<S: AsZmqSocket> Wire<S> {
    fn with_endpoint(socket: S) -> (Self, String) {
        let endpoint = socket.get_socket().get_last_endpoint().unwrap().unwrap();
        (Self(socket), endpoint)
    }
}

/// A REQ between two requests, or a REP between two: none while one is under way.
struct Turns<S>(Option<S>);

impl Library for Tmq {
    type Push = Wire<Push>;
    type Pull = Wire<Pull>;
    type Req = Turns<RequestSender>;
    type Rep = Turns<RequestReceiver>;
    type Dealer = Wire<Dealer>;
    type Router = Wire<Router>;
    type Publisher = Wire<Publish>;
    type Subscriber = Wire<Subscribe>;

    fn new() -> Self {
        Tmq(Context::new())
    }

    async fn push(&self, endpoint: &str) -> Self::Push {
        Wire(tmq::push(&self.0).connect(endpoint).unwrap())
    }

    async fn pull(&self, endpoint: &str) -> (Self::Pull, String) {
        Wire::with_endpoint(tmq::pull(&self.0).bind(endpoint).unwrap())
    }

    async fn req(&self, endpoint: &str) -> Self::Req {
        Turns(Some(tmq::request(&self.0).connect(endpoint).unwrap()))
    }

    async fn rep(&self, endpoint: &str) -> (Self::Rep, String) {
        let (Wire(rep), endpoint) = Wire::with_endpoint(tmq::reply(&self.0).bind(endpoint).unwrap());
        (Turns(Some(rep)), endpoint)
    }

    async fn dealer(&self, endpoint: &str) -> Self::Dealer {
        Wire(tmq::dealer(&self.0).connect(endpoint).unwrap())
    }

    async fn router(&self, endpoint: &str) -> (Self::Router, String) {
        Wire::with_endpoint(tmq::router(&self.0).bind(endpoint).unwrap())
    }

    async fn publish(&self, endpoint: &str, _messages: u64) -> (Self::Publisher, String) {
        Wire::with_endpoint(tmq::publish(&self.0).set_sndhwm(0).bind(endpoint).unwrap())
    }

    async fn subscribe(&self, endpoint: &str, _messages: u64) -> Self::Subscriber {
        let connected = tmq::subscribe(&self.0).set_rcvhwm(0).connect(endpoint).unwrap();
        Wire(connected.subscribe(b"").unwrap())
    }
}

fn message(payload: &[u8]) -> Multipart {
    Message::from(payload).into()
}

impl<S: Sink<Multipart, Error = TmqError> + Unpin + Send + 'static> Sends for Wire<S> {
    async fn send(&mut self, payload: &[u8]) {
        self.0.send(message(payload)).await.unwrap();
    }
}

impl<S: Stream<Item = tmq::Result<Multipart>> + Unpin + Send + 'static> Receives for Wire<S> {
    async fn recv(&mut self, expected: &mut Expected) {
        expected.check(&self.0.next().await.unwrap().unwrap().pop_back().unwrap());
    }
}

impl Asks for Turns<RequestSender> {
    async fn ask(&mut self, payload: &[u8], expected: &mut Expected) {
        let asked = self.0.take().unwrap().send(message(payload)).await.unwrap();
        let (answer, free) = asked.recv().await.unwrap();
        expected.check(answer.iter().last().unwrap());
        self.0 = Some(free);
    }
}

impl Answers for Turns<RequestReceiver> {
    async fn answer(&mut self, expected: &mut Expected) {
        let (request, owing) = self.0.take().unwrap().recv().await.unwrap();
        expected.check(request.iter().last().unwrap());
        self.0 = Some(owing.send(request).await.unwrap());
    }
}

impl Answers for Wire<Router> {
    async fn answer(&mut self, expected: &mut Expected) {
        let request = self.0.next().await.unwrap().unwrap();
        expected.check(request.iter().last().unwrap());
        self.0.send(request).await.unwrap();
    }
}
