//! The draft types, which no other implementation has here: libzmq by its own calls, in this program again.

use std::io::stdin;
use std::net::{SocketAddr, SocketAddrV4, UdpSocket};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tokio::time::sleep;
use zmq_typestate::{
    CanRecv, CanSend, Channel, Client, Dgram, Dish, Either, Gather, Group, Hwm, Message, Peer, Radio, RoutingId,
    Scatter, Server, Shared, Socket, SocketType, ThreadSafe, group,
};

use crate::common::peer::{role, say, this_program};
use crate::common::{current_thread, endpoint};
use crate::raw::{Raw, Whom};
use crate::stream::{HELLO, NOISE, check_frame, frame};
use crate::{FEWER, MANY, Meeting, everywhere, meet};

const GROUP: &str = "stream";
const OUR_GROUP: Group = group!("stream");

/// In the process of the peer it plays that part instead.
fn plays<F: Fn()>(test: F, parts: &str, play_ours: impl AsyncFn(&mut Meeting)) {
    match role() {
        Some(parts) => play(&parts),
        None => everywhere(|| this_program(&test, &format!("{parts} {MANY}")), endpoint, play_ours),
    }
}

async fn send_all<T: CanSend + ThreadSafe>(socket: &Shared<T, Either>) {
    for number in 0..MANY {
        socket.send(frame(number)).await.unwrap();
    }
}

async fn receive_all<T: SocketType<Incoming = Message> + CanRecv + ThreadSafe>(socket: &Shared<T, Either>) {
    for number in 0..MANY {
        check_frame(number, &socket.recv().await.unwrap());
    }
}

#[test]
fn scatter_sends_to_gather() {
    plays(scatter_sends_to_gather, "GATHER receive", async |meeting| {
        let scatter = meeting.attach(meeting.context.socket::<Scatter>().unwrap()).await.share();
        send_all(&scatter).await;
        meeting.all_received().await;
    });
}

#[test]
fn gather_receives_from_scatter() {
    plays(gather_receives_from_scatter, "SCATTER send", async |meeting| {
        let gather = meeting.attach(meeting.context.socket::<Gather>().unwrap()).await.share();
        receive_all(&gather).await;
    });
}

#[test]
fn radio_sends_to_dish() {
    plays(radio_sends_to_dish, "DISH receive", async |meeting| {
        let mut radio = meeting.attach(meeting.context.socket::<Radio>().unwrap().send_hwm(Hwm::Unlimited)).await;
        // It is not told when somebody has joined: until the first message has arrived, there is no second.
        loop {
            radio.send_to(&group!("nobody"), NOISE).await.unwrap();
            radio.send_to(&OUR_GROUP, HELLO).await.unwrap();
            tokio::select! {
                line = meeting.peer.line() => break assert_eq!(line, "begin"),
                () = sleep(Duration::from_millis(1)) => {}
            }
        }
        for number in 0..MANY {
            radio.send_to(&OUR_GROUP, frame(number)).await.unwrap();
        }
        meeting.all_received().await;
    });
}

#[test]
fn dish_receives_from_radio() {
    plays(dish_receives_from_radio, "RADIO send", async |meeting| {
        let dish = meeting.context.socket::<Dish>().unwrap().recv_hwm(Hwm::Unlimited).join(&OUR_GROUP);
        let mut dish = meeting.attach(dish).await;
        assert_eq!(dish.recv().await.unwrap(), (OUR_GROUP, HELLO.into()));
        meeting.peer.tell("begin").await;
        let mut number = 0;
        while number < MANY {
            let (group, message) = dish.recv().await.unwrap();
            assert_eq!(group, OUR_GROUP);
            if number > 0 || message != HELLO {
                check_frame(number, &message);
                number += 1;
            }
        }
    });
}

#[test]
fn client_talks_to_server() {
    plays(client_talks_to_server, "SERVER answer", async |meeting| {
        let client = meeting.attach(meeting.context.socket::<Client>().unwrap()).await.share();
        tokio::join!(send_all(&client), receive_all(&client));
        meeting.all_received().await;
    });
}

#[test]
fn server_talks_to_client() {
    plays(server_talks_to_client, "CLIENT ask", async |meeting| {
        let mut server = meeting.attach(meeting.context.socket::<Server>().unwrap()).await;
        for number in 0..MANY {
            let (client, message) = server.recv().await.unwrap();
            check_frame(number, &message);
            server.send_to(&client, frame(number)).await.unwrap();
        }
        meeting.all_received().await;
    });
}

#[test]
fn channels_talk() {
    plays(channels_talk, "CHANNEL answer", async |meeting| {
        let channel = meeting.attach(meeting.context.socket::<Channel>().unwrap()).await.share();
        tokio::join!(send_all(&channel), receive_all(&channel));
        meeting.all_received().await;
    });
}

/// The one that connects knows the other one, and speaks first.
#[test]
fn peers_talk() {
    plays(peers_talk, "PEER talk", async |meeting| {
        let peer = meeting.context.socket::<Peer>().unwrap();
        if meeting.we_bind {
            let mut peer = peer.bind(meeting.endpoint.as_str()).unwrap();
            meeting.admit(&peer.address().to_string()).await;
            for number in 0..MANY {
                let (sender, message) = peer.recv().await.unwrap();
                check_frame(number, &message);
                peer.send_to(&sender, frame(number)).await.unwrap();
            }
            return meeting.all_received().await;
        }
        let (there, peer) = peer.connect_peer(meeting.address().await).unwrap();
        let peer = peer.share();
        let sending = async {
            for number in 0..MANY {
                peer.send_to(&there, frame(number)).await.unwrap();
            }
        };
        let receiving = async {
            for number in 0..MANY {
                let (sender, message): (RoutingId<Peer>, _) = peer.recv().await.unwrap();
                assert_eq!(sender, there);
                check_frame(number, &message);
            }
        };
        tokio::join!(sending, receiving);
        meeting.all_received().await;
    });
}

// ---------------------------------------------------------------------------------------------------------------------
// Datagrams

/// No network keeps what a receiver has no room for: each of them is answered before the next one. Without those that are
/// longer than libzmq takes.
fn datagrams(count: u32) -> impl Iterator<Item = (u32, Vec<u8>)> {
    (0..count).map(|number| (number, frame(number))).filter(|(_, datagram)| datagram.len() <= 8192)
}

/// To a group, which goes with them behind its length.
fn group_datagrams() -> impl Iterator<Item = (u32, Vec<u8>)> {
    datagrams(FEWER).filter(|(_, datagram)| 1 + GROUP.len() + datagram.len() <= 8192)
}

/// libzmq does not tell which port it has chosen.
fn free_port() -> SocketAddr {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn exchange<F: Fn()>(test: F, parts: &str, play_ours: impl AsyncFn(&mut Meeting, Socket<Dgram, Either>, SocketAddrV4)) {
    if let Some(parts) = role() {
        return play(&parts);
    }
    meet(&current_thread(), this_program(&test, parts), endpoint("udp"), true, async |meeting| {
        let dgram = meeting.context.socket::<Dgram>().unwrap().bind(meeting.endpoint.as_str()).unwrap();
        let there = meeting.admit(&dgram.address().to_string()).await;
        play_ours(meeting, dgram.either(), there.parse().unwrap()).await;
    });
}

fn dgram_asks<F: Fn()>(test: F, count: u32) {
    exchange(test, &format!("DGRAM answer {count}"), async |meeting, mut dgram, there| {
        // libzmq binds in the background: what comes before that is lost.
        loop {
            dgram.send_to(&there, HELLO).await.unwrap();
            tokio::select! {
                hello = dgram.recv() => break assert_eq!(hello.unwrap(), (there, HELLO.into())),
                () = sleep(Duration::from_millis(100)) => {}
            }
        }
        for (number, datagram) in datagrams(count) {
            dgram.send_to(&there, datagram).await.unwrap();
            let answer = loop {
                let (sender, answer) = dgram.recv().await.unwrap();
                assert_eq!(sender, there);
                if answer != HELLO {
                    break answer;
                }
            };
            check_frame(number, &answer);
        }
        meeting.all_received().await;
    });
}

fn dgram_answers<F: Fn()>(test: F, count: u32) {
    exchange(test, &format!("DGRAM ask {count}"), async |meeting, mut dgram, there| {
        for (number, datagram) in datagrams(count) {
            let question = loop {
                let (sender, question) = dgram.recv().await.unwrap();
                assert_eq!(sender, there);
                if question != HELLO {
                    break question;
                }
                dgram.send_to(&there, HELLO).await.unwrap();
            };
            check_frame(number, &question);
            dgram.send_to(&there, datagram).await.unwrap();
        }
        meeting.all_received().await;
    });
}

#[test]
fn dgram_asks_dgram() {
    dgram_asks(dgram_asks_dgram, FEWER);
}

#[test]
fn dgram_answers_dgram() {
    dgram_answers(dgram_answers_dgram, FEWER);
}

#[test]
#[ignore = "long: 100,000 questions"]
fn dgram_asks_dgram_at_full_length() {
    dgram_asks(dgram_asks_dgram_at_full_length, MANY);
}

#[test]
#[ignore = "long: 100,000 questions"]
fn dgram_answers_dgram_at_full_length() {
    dgram_answers(dgram_answers_dgram_at_full_length, MANY);
}

/// As long as it waits for the answer, each is sent again: libzmq opens its ports in the background, and a datagram may be lost.
const AGAIN: Duration = Duration::from_millis(100);

#[test]
fn radio_sends_to_dish_over_udp() {
    if let Some(parts) = role() {
        return play(&parts);
    }
    let peer = this_program(&radio_sends_to_dish_over_udp, "DISH receive 0");
    meet(&current_thread(), peer, format!("udp://{}", free_port()), false, async |meeting| {
        let radio = meeting.context.socket::<Radio>().unwrap();
        let mut radio = radio.connect(meeting.address().await).unwrap();
        for (number, datagram) in group_datagrams() {
            loop {
                radio.send_to(&group!("nobody"), NOISE).await.unwrap();
                radio.send_to(&OUR_GROUP, &datagram[..]).await.unwrap();
                tokio::select! {
                    line = meeting.peer.line() => break assert_eq!(line, number.to_string()),
                    () = sleep(AGAIN) => {}
                }
            }
        }
        meeting.all_received().await;
    });
}

#[test]
fn dish_receives_from_radio_over_udp() {
    if let Some(parts) = role() {
        return play(&parts);
    }
    let peer = this_program(&dish_receives_from_radio_over_udp, "RADIO send 0");
    meet(&current_thread(), peer, format!("udp://{}", free_port()), true, async |meeting| {
        let dish = meeting.context.socket::<Dish>().unwrap().join(&OUR_GROUP);
        let mut dish = dish.bind(meeting.endpoint.as_str()).unwrap();
        meeting.admit(&meeting.endpoint.clone()).await;
        let mut last = Vec::new();
        for (number, datagram) in group_datagrams() {
            loop {
                let (group, message) = dish.recv().await.unwrap();
                assert_eq!(group, OUR_GROUP);
                if message == datagram[..] {
                    break;
                }
                assert_eq!(message, last[..]);
            }
            meeting.peer.tell(&number.to_string()).await;
            last = datagram;
        }
        meeting.all_received().await;
    });
}

// ---------------------------------------------------------------------------------------------------------------------
// The other end

const WINDOW: u32 = 500;

struct End {
    socket: Raw,
    whom: Whom,
}

impl End {
    fn send(&mut self, number: u32) {
        self.socket.send(&self.whom, &frame(number));
    }

    fn receive(&mut self, number: u32) {
        let (mut whom, mut bytes) = self.socket.receive().unwrap();
        if number == 0 && bytes == HELLO.as_bytes() {
            say("begin");
            while bytes == HELLO.as_bytes() {
                (whom, bytes) = self.socket.receive().unwrap();
            }
        }
        // Of a SERVER or a PEER that binds, the first one says where from; then there is one other end alone.
        if self.whom != Whom::Id(0) {
            assert_eq!(whom, self.whom);
        }
        self.whom = whom;
        check_frame(number, &bytes);
    }
}

/// What is told after the first line, and the end of it.
fn told() -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || stdin().lines().try_for_each(|line| sender.send(line.unwrap())));
    receiver
}

fn play(parts: &str) {
    let [kind, role, count] = parts.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let count = count.parse().unwrap();
    let told = told();
    let line = told.recv().unwrap();
    let (how, endpoint) = line.split_once(' ').unwrap();
    let socket = Raw::new(kind);
    if kind == "DGRAM" {
        play_datagrams(socket, role, count, endpoint.strip_prefix("udp://").unwrap());
        return assert!(told.recv().is_err());
    }
    if endpoint.starts_with("udp://") {
        play_group(socket, kind, endpoint, &told);
        return assert!(told.recv().is_err());
    }
    let mut whom = match kind {
        "RADIO" | "DISH" => Whom::Group(GROUP.into()),
        "SERVER" | "PEER" => Whom::Id(0),
        _ => Whom::Anybody,
    };
    if matches!(kind, "RADIO" | "DISH") {
        // A RADIO drops what there is no room for.
        socket.set_no_limit();
    }
    if kind == "DISH" {
        socket.join(GROUP);
    }
    match how {
        "bind" => say(&socket.bind(endpoint)),
        _ if kind == "PEER" => {
            whom = Whom::Id(socket.connect_peer(endpoint));
            say(endpoint);
        }
        _ => {
            socket.connect(endpoint);
            say(endpoint);
        }
    }
    if kind == "RADIO" {
        let begin = loop {
            socket.send(&Whom::Group("nobody".into()), NOISE.as_bytes());
            socket.send(&whom, HELLO.as_bytes());
            if let Ok(line) = told.recv_timeout(Duration::from_millis(1)) {
                break line;
            }
        };
        assert_eq!(begin, "begin");
    }
    let mut end = End { socket, whom };
    match (role, how) {
        ("send", _) => (0..count).for_each(|number| end.send(number)),
        ("receive", _) => (0..count).for_each(|number| end.receive(number)),
        ("answer", _) | ("talk", "bind") => {
            for number in 0..count {
                end.receive(number);
                end.send(number);
            }
        }
        _ => {
            for number in 0..count + WINDOW {
                if number >= WINDOW {
                    end.receive(number - WINDOW);
                }
                if number < count {
                    end.send(number);
                }
            }
        }
    }
    if role != "send" {
        say("all");
    }
    assert!(told.recv().is_err());
}

fn play_datagrams(socket: Raw, role: &str, count: u32, there: &str) {
    let here = free_port();
    socket.bind(&format!("udp://{here}"));
    say(&here.to_string());
    let send = |bytes: &[u8]| {
        socket.send_first(there.as_bytes());
        socket.send(&Whom::Anybody, bytes);
    };
    let receive = || {
        let (_, sender) = socket.receive()?;
        assert_eq!(sender.strip_suffix(&[0]).unwrap(), there.as_bytes());
        Some(socket.receive().unwrap().1)
    };
    if role == "ask" {
        socket.set_patience(100);
        loop {
            send(HELLO.as_bytes());
            if let Some(hello) = receive() {
                break assert_eq!(hello, HELLO.as_bytes());
            }
        }
        socket.set_patience(-1);
    }
    for (number, datagram) in datagrams(count) {
        if role == "ask" {
            send(&datagram);
        }
        let received = loop {
            let received = receive().unwrap();
            if received != HELLO.as_bytes() {
                break received;
            }
            if role == "answer" {
                send(HELLO.as_bytes());
            }
        };
        check_frame(number, &received);
        if role == "answer" {
            send(&datagram);
        }
    }
    say("all");
}

fn play_group(socket: Raw, kind: &str, endpoint: &str, told: &Receiver<String>) {
    let whom = Whom::Group(GROUP.into());
    if kind == "DISH" {
        socket.join(GROUP);
        socket.bind(endpoint);
        say(endpoint);
        let mut last = Vec::new();
        for (number, datagram) in group_datagrams() {
            loop {
                let (group, bytes) = socket.receive().unwrap();
                assert_eq!(group, whom);
                if bytes == datagram {
                    break;
                }
                assert_eq!(bytes, last);
            }
            say(&number.to_string());
            last = datagram;
        }
    } else {
        socket.connect(endpoint);
        say(endpoint);
        for (number, datagram) in group_datagrams() {
            loop {
                socket.send(&Whom::Group("nobody".into()), NOISE.as_bytes());
                socket.send(&whom, &datagram);
                if let Ok(line) = told.recv_timeout(AGAIN) {
                    break assert_eq!(line, number.to_string());
                }
            }
        }
    }
    say("all");
}
