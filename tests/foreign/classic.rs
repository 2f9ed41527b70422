//! The classic patterns, from our end. Each is played with any peer that follows tests/pyzmq/patterns.py.

use std::time::Duration;

use tokio::process::Command;
use tokio::time::sleep;
use zmq_typestate::{
    Attached, CanRecv, CanRecvMultipart, CanSend, CanSendMultipart, Dealer, Duplex, Either, Hwm, Message, Multipart,
    Pair, Pub, Pull, Push, RecvHalf, Rep, Req, Router, RoutingId, SendHalf, Socket, SocketType, Sub, Subscription,
    XPub, XSub,
};

use crate::stream::{HELLO, NOISE, TOPIC, check, is_single, message};
use crate::{Meeting, everywhere};

/// A test of each pattern: with what `$other` makes of the test and the number of messages, if anything.
macro_rules! patterns {
    ($other:ident, $count:expr; $($pattern:ident),* $(,)?) => {
        $(
            #[test]
            fn $pattern() {
                if let Some(other) = $other($pattern, $count) {
                    crate::classic::$pattern(other);
                }
            }
        )*
    };
}
pub(crate) use patterns;

/// An implementation, and how many messages it gets.
pub struct Other {
    /// The process that plays these parts: the type of its socket, that of ours, its role, and how many messages.
    pub process: Box<dyn Fn(&str) -> Command>,
    pub endpoint: fn(&str) -> String,
    pub count: u32,
}

impl Other {
    fn plays(&self, parts: &str, test: impl AsyncFn(&mut Meeting)) {
        everywhere(|| (self.process)(&format!("{parts} {}", self.count)), self.endpoint, test);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Streams

/// What sends: messages of one frame as such.
trait Sends {
    async fn message(&mut self, message: Multipart);
}

impl<T: CanSend + CanSendMultipart, M: Attached> Sends for Socket<T, M> {
    async fn message(&mut self, message: Multipart) {
        match message.into_single() {
            Ok(message) => self.send(message).await.unwrap(),
            Err(message) => self.send_multipart(message).await.unwrap(),
        }
    }
}

impl<T: Duplex + CanSend + CanSendMultipart, M: Attached> Sends for SendHalf<T, M> {
    async fn message(&mut self, message: Multipart) {
        match message.into_single() {
            Ok(message) => self.send(message).await.unwrap(),
            Err(message) => self.send_multipart(message).await.unwrap(),
        }
    }
}

async fn send_all(count: u32, socket: &mut impl Sends) {
    for number in 0..count {
        socket.message(message(number)).await;
    }
}

/// What receives messages alone.
trait Receives: SocketType<Incoming = Message> + CanRecv + CanRecvMultipart {}
impl<T: SocketType<Incoming = Message> + CanRecv + CanRecvMultipart> Receives for T {}

async fn receive_all<T: Receives>(count: u32, socket: &mut Socket<T, Either>) {
    for number in 0..count {
        receive(number, socket).await;
    }
}

async fn receive<T: Receives>(number: u32, socket: &mut Socket<T, Either>) {
    if is_single(number) {
        check(number, &[socket.recv().await.unwrap()]);
    } else {
        check(number, &socket.recv_multipart().await.unwrap());
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// One way

pub fn push_sends_to_pull(other: Other) {
    other.plays("PULL PUSH receive", async |meeting| {
        let mut push = meeting.attach(meeting.context.socket::<Push>().unwrap()).await;
        send_all(other.count, &mut push).await;
        meeting.all_received().await;
    });
}

pub fn pull_receives_from_push(other: Other) {
    other.plays("PUSH PULL send", async |meeting| {
        let mut pull = meeting.attach(meeting.context.socket::<Pull>().unwrap()).await;
        receive_all(other.count, &mut pull).await;
    });
}

fn publisher_sends(other: &Other, parts: &str) {
    other.plays(parts, async |meeting| {
        let publisher = meeting.context.socket::<Pub>().unwrap().send_hwm(Hwm::Unlimited);
        let mut publisher = meeting.attach(publisher).await;
        // It is not told when somebody has subscribed: until the first message has arrived, there is no second.
        loop {
            publisher.send(NOISE).await.unwrap();
            publisher.send(HELLO).await.unwrap();
            tokio::select! {
                line = meeting.peer.line() => break assert_eq!(line, "begin"),
                () = sleep(Duration::from_millis(1)) => {}
            }
        }
        send_all(other.count, &mut publisher).await;
        meeting.all_received().await;
    });
}

pub fn pub_sends_to_sub(other: Other) {
    publisher_sends(&other, "SUB PUB receive");
}

pub fn pub_sends_to_xsub(other: Other) {
    publisher_sends(&other, "XSUB PUB receive");
}

pub fn xpub_sends_to_sub(other: Other) {
    other.plays("SUB XPUB receive", async |meeting| {
        let publisher = meeting.context.socket::<XPub>().unwrap().send_hwm(Hwm::Unlimited);
        let mut publisher = meeting.attach(publisher).await;
        publisher.wait_for_subscribers(1).await.unwrap();
        send_all(other.count, &mut publisher).await;
        meeting.all_received().await;
    });
}

/// Of a PUB, which greets until it is told that a greeting has arrived.
async fn receive_all_after_hello<T: Receives>(count: u32, subscriber: &mut Socket<T, Either>, meeting: &mut Meeting) {
    assert_eq!(subscriber.recv().await.unwrap(), HELLO);
    meeting.peer.tell("begin").await;
    loop {
        let first = subscriber.recv().await.unwrap();
        if first != HELLO {
            break check(0, &[first]);
        }
    }
    for number in 1..count {
        receive(number, subscriber).await;
    }
}

pub fn sub_receives_from_pub(other: Other) {
    other.plays("PUB SUB send", async |meeting| {
        let subscriber = meeting.context.socket::<Sub>().unwrap().recv_hwm(Hwm::Unlimited).subscribe(TOPIC);
        let mut subscriber = meeting.attach(subscriber).await;
        receive_all_after_hello(other.count, &mut subscriber, meeting).await;
    });
}

pub fn xsub_receives_from_pub(other: Other) {
    other.plays("PUB XSUB send", async |meeting| {
        let subscriber = meeting.context.socket::<XSub>().unwrap().recv_hwm(Hwm::Unlimited).subscribe(TOPIC);
        let mut subscriber = meeting.attach(subscriber).await;
        receive_all_after_hello(other.count, &mut subscriber, meeting).await;
    });
}

pub fn sub_receives_from_xpub(other: Other) {
    other.plays("XPUB SUB send", async |meeting| {
        let subscriber = meeting.context.socket::<Sub>().unwrap().recv_hwm(Hwm::Unlimited).subscribe(TOPIC);
        let mut subscriber = meeting.attach(subscriber).await;
        receive_all(other.count, &mut subscriber).await;
    });
}

// ---------------------------------------------------------------------------------------------------------------------
// Both ways at once

/// Sends all, and meanwhile receives as many.
async fn talk<T: Receives + Duplex + CanSend + CanSendMultipart>(
    count: u32,
    socket: Socket<T, Either>,
) -> (SendHalf<T, Either>, RecvHalf<T, Either>) {
    let (mut sender, mut receiver) = socket.split();
    let receiving = async {
        for number in 0..count {
            check(number, &receiver.recv_multipart().await.unwrap());
        }
    };
    tokio::join!(send_all(count, &mut sender), receiving);
    (sender, receiver)
}

pub fn pairs_talk(other: Other) {
    other.plays("PAIR PAIR answer", async |meeting| {
        let pair = meeting.attach(meeting.context.socket::<Pair>().unwrap()).await;
        let _open = talk(other.count, pair).await;
        meeting.all_received().await;
    });
}

pub fn dealers_talk(other: Other) {
    other.plays("DEALER DEALER answer", async |meeting| {
        let dealer = meeting.attach(meeting.context.socket::<Dealer>().unwrap()).await;
        let _open = talk(other.count, dealer).await;
        meeting.all_received().await;
    });
}

pub fn dealer_talks_to_router(other: Other) {
    other.plays("ROUTER DEALER answer", async |meeting| {
        let dealer = meeting.attach(meeting.context.socket::<Dealer>().unwrap()).await;
        let _open = talk(other.count, dealer).await;
        meeting.all_received().await;
    });
}

pub fn router_talks_to_dealer(other: Other) {
    other.plays("DEALER ROUTER ask", async |meeting| {
        let mut router = meeting.attach(meeting.context.socket::<Router>().unwrap()).await;
        answer_all(other.count, &mut router).await;
        meeting.all_received().await;
    });
}

/// Sends a message for each that it has received, to where that one came from.
async fn answer_all(count: u32, router: &mut Socket<Router, Either>) {
    for number in 0..count {
        if is_single(number) {
            let (peer, received) = router.recv().await.unwrap();
            check(number, &[received]);
            router.send_to(&peer, message(number).into_single().unwrap()).await.unwrap();
        } else {
            let (peer, received) = router.recv_multipart().await.unwrap();
            check(number, &received);
            router.send_multipart_to(&peer, message(number)).await.unwrap();
        }
    }
}

/// The end that connects knows the other one by name, and speaks first.
pub fn routers_talk(other: Other) {
    other.plays("ROUTER ROUTER talk", async |meeting| {
        let name = RoutingId::<Router>::new("answerer").unwrap();
        let router = meeting.context.socket::<Router>().unwrap();
        if meeting.we_bind {
            let mut router = meeting.attach(router.routing_id(&name)).await;
            answer_all(other.count, &mut router).await;
            return meeting.all_received().await;
        }
        let (mut sender, mut receiver) = router.connect_as(&name, meeting.address().await).unwrap().split();
        let sending = async {
            for number in 0..other.count {
                match message(number).into_single() {
                    Ok(message) => sender.send_to(&name, message).await.unwrap(),
                    Err(message) => sender.send_multipart_to(&name, message).await.unwrap(),
                }
            }
        };
        let receiving = async {
            for number in 0..other.count {
                let (peer, received) = receiver.recv_multipart().await.unwrap();
                assert_eq!(peer, name);
                check(number, &received);
            }
        };
        tokio::join!(sending, receiving);
        meeting.all_received().await;
    });
}

pub fn xpub_talks_to_xsub(other: Other) {
    other.plays("XSUB XPUB answer", async |meeting| {
        let publisher = meeting.context.socket::<XPub>().unwrap().send_hwm(Hwm::Unlimited);
        let mut publisher = meeting.attach(publisher.recv_hwm(Hwm::Unlimited)).await;
        publisher.wait_for_subscribers(1).await.unwrap();
        let (mut sender, mut receiver) = publisher.split();
        let receiving = async {
            assert_eq!(receiver.recv().await.unwrap(), Subscription::Subscribe(TOPIC.into()));
            for number in 0..other.count {
                match receiver.recv().await.unwrap() {
                    Subscription::Upstream(received) => check(number, &received),
                    event => panic!("{event:?}"),
                }
            }
        };
        tokio::join!(send_all(other.count, &mut sender), receiving);
        meeting.all_received().await;
    });
}

pub fn xsub_talks_to_xpub(other: Other) {
    other.plays("XPUB XSUB ask", async |meeting| {
        let subscriber = meeting.context.socket::<XSub>().unwrap().recv_hwm(Hwm::Unlimited).send_hwm(Hwm::Unlimited);
        let mut subscriber = meeting.attach(subscriber.subscribe(TOPIC)).await;
        for number in 0..other.count {
            receive(number, &mut subscriber).await;
            match message(number).into_single() {
                Ok(message) => subscriber.send_upstream(message).await.unwrap(),
                Err(message) => subscriber.send_upstream_multipart(message).await.unwrap(),
            }
        }
        meeting.all_received().await;
    });
}

// ---------------------------------------------------------------------------------------------------------------------
// Questions and answers

pub fn dealer_asks_rep(other: Other) {
    other.plays("REP DEALER answer", async |meeting| {
        let dealer = meeting.attach(meeting.context.socket::<Dealer>().unwrap()).await;
        let (mut sender, mut receiver) = dealer.split();
        let asking = async {
            for number in 0..other.count {
                let mut question = message(number);
                question.push_front("");
                sender.send_multipart(question).await.unwrap();
            }
        };
        let listening = async {
            for number in 0..other.count {
                let mut answer = receiver.recv_multipart().await.unwrap();
                assert_eq!(answer.pop_front().unwrap(), "");
                check(number, &answer);
            }
        };
        tokio::join!(asking, listening);
        meeting.all_received().await;
    });
}

/// Answers in place, and in phases.
async fn reply_all(count: u32, mut rep: Socket<Rep, Either>) -> Socket<Rep, Either> {
    for number in 0..count {
        rep = if number % 4 < 2 {
            let request = rep.next_request().await.unwrap();
            check(number, &request);
            request.reply_multipart(message(number)).unwrap();
            rep
        } else {
            let (request, owing) = rep.recv_multipart().await.unwrap();
            check(number, &request);
            owing.send_multipart(message(number)).await.unwrap()
        };
    }
    rep
}

pub fn rep_answers_dealer(other: Other) {
    other.plays("DEALER REP ask", async |meeting| {
        let rep = meeting.attach(meeting.context.socket::<Rep>().unwrap()).await;
        let _open = reply_all(other.count, rep).await;
        meeting.all_received().await;
    });
}

pub fn rep_answers_req(other: Other) {
    other.plays("REQ REP ask", async |meeting| {
        let rep = meeting.attach(meeting.context.socket::<Rep>().unwrap()).await;
        let _open = reply_all(other.count, rep).await;
        meeting.all_received().await;
    });
}

/// Asks in place, and in phases.
async fn request_all(count: u32, mut req: Socket<Req, Either>) -> Socket<Req, Either> {
    for number in 0..count {
        req = match message(number).into_single() {
            Ok(question) => {
                check(number, &[req.request(question).await.unwrap()]);
                req
            }
            Err(question) => {
                let asked = req.send_multipart(question).await.unwrap();
                let (answer, req) = asked.recv_multipart().await.unwrap();
                check(number, &answer);
                req
            }
        };
    }
    req
}

pub fn req_asks_rep(other: Other) {
    other.plays("REP REQ answer", async |meeting| {
        let req = meeting.attach(meeting.context.socket::<Req>().unwrap()).await;
        let _open = request_all(other.count, req).await;
        meeting.all_received().await;
    });
}

pub fn req_asks_router(other: Other) {
    other.plays("ROUTER REQ answer", async |meeting| {
        let req = meeting.attach(meeting.context.socket::<Req>().unwrap()).await;
        let _open = request_all(other.count, req).await;
        meeting.all_received().await;
    });
}

pub fn router_answers_req(other: Other) {
    other.plays("REQ ROUTER ask", async |meeting| {
        let mut router = meeting.attach(meeting.context.socket::<Router>().unwrap()).await;
        for number in 0..other.count {
            let (envelope, question) = router.recv_request().await.unwrap();
            check(number, &question);
            match message(number).into_single() {
                Ok(answer) => router.reply(envelope, answer).await.unwrap(),
                Err(answer) => router.reply_multipart(envelope, answer).await.unwrap(),
            }
        }
        meeting.all_received().await;
    });
}

/// Those that are much like another one.
pub const ALIKE: [fn(Other); 4] =
    [pub_sends_to_xsub, xpub_sends_to_sub, sub_receives_from_xpub, xsub_receives_from_pub];

pub const LOCK_STEP: [fn(Other); 4] = [req_asks_rep, rep_answers_req, req_asks_router, router_answers_req];
