//! The `zeromq` crate: ZMTP written in Rust, by others. Its end is played by this program again.

use std::env::temp_dir;
use std::fs::remove_file;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin, stdin};
use tokio::time::sleep;
use zeromq::{
    DealerSocket, PubSocket, PullSocket, PushSocket, RepSocket, ReqSocket, RouterSocket, Socket, SocketEvent,
    SocketRecv, SocketSend, SubSocket, XPubSocket, XSubSocket, ZmqMessage,
};

use crate::classic::{LOCK_STEP, Other, patterns};
use crate::common::peer::{role, say, this_program};
use crate::common::{SLOWNESS, endpoint, multi_thread};
use crate::stream::{HELLO, NOISE, TOPIC, check, frames};
use crate::{FEWER, MANY};

/// In the process of the peer it plays that part, and there is nothing else to do.
fn zeromq<F: Fn() + 'static>(test: F, count: u32) -> Option<Other> {
    if let Some(parts) = role() {
        multi_thread().block_on(play(&parts));
        return None;
    }
    let process = Box::new(move |parts: &str| this_program(&test, parts));
    Some(Other { process, endpoint: file_or_port, count })
}

/// It knows no abstract names: over ipc this is a file.
fn file_or_port(transport: &str) -> String {
    match transport {
        "ipc" => endpoint("ipc").replace('@', &format!("{}/", temp_dir().display())),
        "tcp" => "tcp://127.0.0.1:0".into(),
        other => panic!("{other}"),
    }
}

patterns! { zeromq, MANY;
    push_sends_to_pull, pull_receives_from_push,
    pub_sends_to_sub, xpub_talks_to_xsub, xsub_talks_to_xpub,
    dealers_talk, dealer_talks_to_router, router_talks_to_dealer, routers_talk,
    dealer_asks_rep, rep_answers_dealer,
}

/// Its PUB has room for 100,000 messages that wait to be sent, and drops what comes on top of them, without a word. What is
/// left of the greetings before the stream takes some of it; the rest is enough however seldom its tasks run.
const ROOM: u32 = 90_000 / SLOWNESS;

patterns! { zeromq, ROOM; sub_receives_from_pub }

patterns! { zeromq, FEWER;
    pub_sends_to_xsub, xpub_sends_to_sub, sub_receives_from_xpub, xsub_receives_from_pub,
    req_asks_rep, rep_answers_req, req_asks_router, router_answers_req,
}

#[test]
#[ignore = "long: 100,000 questions of each pattern"]
fn each_question_waits_for_its_answer_at_full_length() {
    for pattern in LOCK_STEP {
        let Some(other) = zeromq(each_question_waits_for_its_answer_at_full_length, MANY) else { return };
        pattern(other);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The other end: as tests/pyzmq/patterns.py

const WINDOW: u32 = 500;

/// Any of its sockets; it is asked only for what it can do.
trait AnySocket {
    fn sender(&mut self) -> &mut dyn SocketSend {
        unreachable!("it only receives")
    }

    fn receiver(&mut self) -> &mut dyn SocketRecv {
        unreachable!("it only sends")
    }
}

macro_rules! can {
    ($($socket:ty: $($way:ident as $trait:ident),*;)*) => {
        $(impl AnySocket for $socket {
            $(fn $way(&mut self) -> &mut dyn $trait {
                self
            })*
        })*
    };
}

can! {
    PushSocket: sender as SocketSend;
    PullSocket: receiver as SocketRecv;
    PubSocket: sender as SocketSend;
    SubSocket: receiver as SocketRecv;
    XPubSocket: sender as SocketSend, receiver as SocketRecv;
    XSubSocket: sender as SocketSend, receiver as SocketRecv;
    DealerSocket: sender as SocketSend, receiver as SocketRecv;
    RouterSocket: sender as SocketSend, receiver as SocketRecv;
    ReqSocket: sender as SocketSend, receiver as SocketRecv;
    RepSocket: sender as SocketSend, receiver as SocketRecv;
}

struct End {
    socket: Box<dyn AnySocket>,
    input: Lines<BufReader<Stdin>>,
    /// What stands before each message.
    envelope: Vec<Bytes>,
    binds: bool,
}

impl End {
    async fn new(kind: &str, peer: &str) -> Self {
        let mut input = BufReader::new(stdin()).lines();
        let line = input.next_line().await.unwrap().unwrap();
        let (how, endpoint) = line.split_once(' ').unwrap();
        let binds = how == "bind";
        let socket: Box<dyn AnySocket> = match kind {
            "PUSH" => Box::new(attached(PushSocket::new(), binds, endpoint).await),
            "PULL" => Box::new(attached(PullSocket::new(), binds, endpoint).await),
            "PUB" => Box::new(attached(PubSocket::new(), binds, endpoint).await),
            "SUB" => {
                let mut socket = SubSocket::new();
                socket.subscribe(TOPIC).await.unwrap();
                Box::new(attached(socket, binds, endpoint).await)
            }
            "XPUB" => Box::new(attached(XPubSocket::new(), binds, endpoint).await),
            "XSUB" => {
                let mut socket = XSubSocket::new();
                socket.subscribe(TOPIC).await.unwrap();
                Box::new(attached(socket, binds, endpoint).await)
            }
            "DEALER" => Box::new(attached(DealerSocket::new(), binds, endpoint).await),
            "ROUTER" => Box::new(attached(RouterSocket::new(), binds, endpoint).await),
            "REQ" => Box::new(attached(ReqSocket::new(), binds, endpoint).await),
            "REP" => Box::new(attached(RepSocket::new(), binds, endpoint).await),
            other => panic!("{other}"),
        };
        // In place of the id of a peer that has to speak first there is anything.
        let envelope: &[&'static str] = match (kind, peer) {
            ("DEALER", "REP") => &[""],
            ("ROUTER", "REQ") => &["id", ""],
            ("ROUTER", "DEALER") => &["id"],
            ("ROUTER", "ROUTER") => &["answerer"],
            _ => &[],
        };
        Self { socket, input, envelope: envelope.iter().map(|frame| Bytes::from(*frame)).collect(), binds }
    }

    async fn send_frames(&mut self, frames: Vec<Bytes>) {
        self.socket.sender().send(ZmqMessage::try_from(frames).unwrap()).await.unwrap();
    }

    async fn receive_frames(&mut self) -> Vec<Bytes> {
        self.socket.receiver().recv().await.unwrap().into_vec()
    }

    async fn send(&mut self, number: u32) {
        let frames = frames(number).into_iter().map(Bytes::from);
        self.send_frames(self.envelope.iter().cloned().chain(frames).collect()).await;
    }

    async fn receive(&mut self, number: u32) {
        let mut envelope = self.receive_frames().await;
        if number == 0 && envelope == [HELLO] {
            say("begin");
            while envelope == [HELLO] {
                envelope = self.receive_frames().await;
            }
        }
        let frames = envelope.split_off(self.envelope.len());
        self.envelope = envelope;
        check(number, &frames);
    }
}

/// With a peer: to none it refuses to send.
async fn attached<S: Socket>(mut socket: S, binds: bool, endpoint: &str) -> S {
    let mut events = socket.monitor();
    if binds {
        say(&socket.bind(endpoint).await.unwrap().to_string());
        while !matches!(events.next().await, Some(SocketEvent::Accepted(..))) {}
    } else {
        socket.connect(endpoint).await.unwrap();
        say(endpoint);
    }
    if let Some(path) = endpoint.strip_prefix("ipc://") {
        // Either end would leave the file behind; nobody else will connect to it.
        remove_file(path).unwrap();
    }
    socket
}

async fn play(parts: &str) {
    let [kind, peer, role, count] = parts.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let count = count.parse().unwrap();
    let mut end = End::new(kind, peer).await;
    match kind {
        "PUB" => {
            let begin = loop {
                for greeting in [NOISE, HELLO] {
                    end.send_frames(vec![greeting.into()]).await;
                }
                tokio::select! {
                    line = end.input.next_line() => break line.unwrap(),
                    () = sleep(Duration::from_millis(1)) => {}
                }
            };
            assert_eq!(begin.as_deref(), Some("begin"));
        }
        "XPUB" => assert_eq!(end.receive_frames().await, [format!("\u{1}{TOPIC}")]),
        _ => {}
    }
    match role {
        "send" => {
            for number in 0..count {
                end.send(number).await;
            }
        }
        "receive" => {
            for number in 0..count {
                end.receive(number).await;
            }
        }
        "answer" | "talk" if role == "answer" || end.binds => {
            for number in 0..count {
                end.receive(number).await;
                end.send(number).await;
            }
        }
        _ => {
            let window = if kind == "REQ" { 1 } else { WINDOW };
            for number in 0..count + window {
                if number >= window {
                    end.receive(number - window).await;
                }
                if number < count {
                    end.send(number).await;
                }
            }
        }
    }
    if role != "send" {
        say("all");
    }
    assert_eq!(end.input.next_line().await.unwrap(), None);
}
