//! Strangers who send anything at all to bound sockets: the process lives, and serves those who mean well throughout.
//!
//! What libzmq does not survive is in `REDUCED`, with the fewest bytes that show it, and what keeps it out of reach.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use common::players::{Player, descriptors, memory, role, until, until_released, until_some};
use common::wire::{COMMAND, LONG, MORE, Stranger, frame, greeting, old_frame, ready, upgrade, websocket_frame};
use common::{DEADLINE, Random, SLOWNESS, endpoint, millis, multi_thread};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use zmq_typestate::{
    Addresses, Attached, Bound, Context, Dealer, Error, Heartbeat, Hwm, Idle, Linger, Message, Multipart, Pair,
    PlainClient, PlainServer, PlainUsers, Pub, Pull, Push, Rep, Req, Router, RoutingId, SecurityRole, Socket,
    SocketType, Stream, StreamEvent, Sub, Termination, XPub, XSub, ZapHandler,
};
#[cfg(feature = "draft")]
use zmq_typestate::{Channel, Client, Dgram, Dish, Gather, Group, Peer, Radio, Scatter, Server, group};

const HONEST: &str = "honest";
#[cfg(feature = "draft")]
const GROUP: Group = group!("g");

// ---------------------------------------------------------------------------------------------------------------------
// The victim: a process with a bound socket of every type

/// Which way the victim's sockets are attached.
#[derive(Clone, Copy)]
enum Side<'a> {
    /// Over this transport.
    Binds(&'static str),
    /// To the stranger's server for each type.
    Connects(&'a BTreeMap<String, String>),
}

/// Does this work with a socket, again and again, until the context ends.
macro_rules! at_work {
    (|$socket:ident, $name:ident| $work:expr) => {
        async {
            loop {
                let done: Result<(), Error> = async { $work }.await;
                match done {
                    Ok(()) => {}
                    Err(Error::ContextTerminated { .. }) => return,
                    Err(error) if error.is_would_block() => {}
                    // What a stranger has done wrong, as the socket tells it.
                    Err(error) => tell!("error {} {error:?}", $name),
                }
            }
        }
    };
}

/// A task with a bound socket.
macro_rules! binder {
    ($context:ident, $transport:expr, $T:ident $(.$set:ident($($argument:expr),*))*, |$socket:ident, $name:ident| $work:expr) => {{
        let bound = $context.socket::<$T>().unwrap().linger(Linger::Drop).bind(endpoint($transport)).unwrap();
        let $name = format!("{}/{}", stringify!($T), $transport);
        tell!("at {} {}", $name, bound.address());
        #[allow(unused_mut, reason = "which use it differs by type")]
        let mut $socket = bound $(.$set($($argument),*))*;
        tokio::spawn(async move { at_work!(|$socket, $name| $work).await })
    }};
}

/// A task with a bound socket, or one that connects to a server: then a new one twenty times a second, since libzmq does not
/// come again to a server that breaks the protocol.
macro_rules! host {
    ($context:ident, $side:expr, $T:ident $(.$set:ident($($argument:expr),*))*, |$socket:ident, $name:ident| $work:expr) => {
        match $side {
            Side::Binds(transport) => {
                binder!($context, transport, $T $(.$set($($argument),*))*, |$socket, $name| $work)
            }
            Side::Connects(servers) => {
                let ($name, context) = (stringify!($T).to_owned(), $context.clone());
                let server = servers[&$name].clone();
                tokio::spawn(async move {
                    loop {
                        // The context has ended.
                        let Ok(idle) = context.socket::<$T>() else { return };
                        let Ok(connected) = idle.linger(Linger::Drop).connect(server.as_str()) else { return };
                        #[allow(unused_mut, reason = "which use it differs by type")]
                        let mut $socket = connected $(.$set($($argument),*))*;
                        if timeout(SLOWNESS * millis(50), at_work!(|$socket, $name| $work)).await.is_ok() {
                            return;
                        }
                    }
                })
            }
        }
    };
}

/// Passes on that somebody honest got through to a socket that cannot answer.
fn acknowledge(name: &str, message: &[u8]) {
    if let Some(token) = std::str::from_utf8(message).ok().filter(|token| token.starts_with(HONEST)) {
        tell!("got {name} {token}");
    }
}

/// Binds every type over each transport; or, where it is told of servers, connects to them instead.
fn be_the_victim() {
    let (_, servers) = role().unwrap();
    let servers = servers.split_whitespace().map(|server| server.split_once('=').unwrap());
    let servers: BTreeMap<String, String> = servers.map(|(name, address)| (name.into(), address.into())).collect();
    let sides = match servers.is_empty() {
        true => ["tcp", "ipc", "ws"].map(Side::Binds).to_vec(),
        false => vec![Side::Connects(&servers)],
    };
    // Strangers over ws can keep a descriptor each (`REDUCED`): that is not what this is about.
    let (_, most) = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::Resource::NOFILE.set(most, most).unwrap();
    rlimit::Resource::CORE.set(0, 0).unwrap();
    let runtime = multi_thread();
    runtime.block_on(async {
        let context = Context::new().unwrap();
        let mut tasks = Vec::new();
        let pause = || tokio::time::sleep(millis(5));
        for side in sides.iter().copied() {
            tasks.extend([
                host!(context, side, Pair, |socket, _name| {
                    let message = socket.recv_multipart().await?;
                    socket.try_send_multipart(message)
                }),
                host!(context, side, Pub, |socket, _name| {
                    pause().await;
                    socket.try_send("tick")
                }),
                host!(context, side, XPub, |socket, _name| {
                    while socket.try_recv().is_ok() {}
                    pause().await;
                    socket.try_send("tick")
                }),
                host!(context, side, Sub.subscribe(""), |socket, name| {
                    socket.recv_multipart().await.map(|message| acknowledge(&name, &message[0]))
                }),
                host!(context, side, XSub.subscribe(""), |socket, name| {
                    socket.recv_multipart().await.map(|message| acknowledge(&name, &message[0]))
                }),
                host!(context, side, Req, |socket, _name| {
                    match timeout(millis(100), socket.request_multipart(["tick"])).await {
                        Ok(reply) => reply.map(drop),
                        Err(_) => Ok(()),
                    }
                }),
                host!(context, side, Rep, |socket, _name| {
                    let request = socket.next_request().await?;
                    let answer: Multipart = request.iter().map(|frame| Message::from(&frame[..])).collect();
                    request.reply_multipart(answer)
                }),
                host!(context, side, Dealer, |socket, _name| {
                    if let Ok(message) = timeout(millis(5), socket.recv_multipart()).await {
                        message?;
                    }
                    socket.try_send("tick")
                }),
                host!(context, side, Router, |socket, _name| {
                    let (peer, message) = socket.recv_multipart().await?;
                    socket.try_send_multipart_to(&peer, message)
                }),
                host!(context, side, Pull, |socket, name| {
                    socket.recv_multipart().await.map(|message| acknowledge(&name, &message[0]))
                }),
                host!(context, side, Push, |socket, _name| {
                    pause().await;
                    socket.try_send("tick")
                }),
            ]);
            #[cfg(feature = "draft")]
            tasks.extend([
                host!(context, side, Server, |socket, _name| {
                    let (peer, message) = socket.recv().await?;
                    socket.try_send_to(&peer, message)
                }),
                host!(context, side, Client, |socket, _name| {
                    if let Ok(message) = timeout(millis(5), socket.recv()).await {
                        message?;
                    }
                    socket.try_send("tick")
                }),
                host!(context, side, Radio, |socket, _name| {
                    pause().await;
                    socket.try_send_to(&GROUP, "tick")
                }),
                host!(context, side, Dish.join(&GROUP), |socket, name| {
                    socket.recv().await.map(|(_, message)| acknowledge(&name, &message))
                }),
                host!(context, side, Gather, |socket, name| {
                    socket.recv().await.map(|message| acknowledge(&name, &message))
                }),
                host!(context, side, Scatter, |socket, _name| {
                    pause().await;
                    socket.try_send("tick")
                }),
                host!(context, side, Channel, |socket, _name| {
                    let message = socket.recv().await?;
                    socket.try_send(message)
                }),
            ]);
        }
        tasks.push(host!(context, sides[0], Stream, |socket, _name| {
            match socket.recv().await? {
                StreamEvent::Data(peer, bytes) => socket.try_send_to(&peer, bytes),
                _ => Ok(()),
            }
        }));
        #[cfg(feature = "draft")]
        for side in &sides {
            let Side::Binds(transport) = side else { continue };
            tasks.push(binder!(context, transport, Peer, |socket, _name| {
                let (peer, message) = socket.recv().await?;
                socket.try_send_to(&peer, message)
            }));
        }
        #[cfg(feature = "draft")]
        if servers.is_empty() {
            tasks.extend([
                binder!(context, "udp", Dgram, |socket, _name| {
                    let (sender, message) = socket.recv().await?;
                    socket.try_send_to(&sender, message)
                }),
                binder!(context, "udp", Dish.join(&GROUP), |socket, name| {
                    socket.recv().await.map(|(_, message)| acknowledge(&name, &message))
                }),
            ]);
        }
        tell!("ready");
        tokio::task::spawn_blocking(until_released).await.unwrap();
        context.shutdown();
        for task in tasks {
            task.await.unwrap();
        }
        // Nobody takes the last ticks of those whose peers have gone.
        let (Termination::InTime | Termination::LingerExpired) = context.terminate().await;
        tell!("ended");
    });
}

// ---------------------------------------------------------------------------------------------------------------------
// Those who mean well: one for each socket of the victim

struct Honest {
    round: watch::Sender<u64>,
    served: mpsc::UnboundedReceiver<String>,
    names: BTreeSet<String>,
    /// Which of those that cannot be answered got through, by the victim's word.
    heard: Arc<Mutex<BTreeSet<String>>>,
    _runtime: tokio::runtime::Runtime,
}

/// A task that does something with its socket for each round, and in between receives what is there.
macro_rules! guest {
    ($there:ident, $make:expr, idle |$socket:ident| $idle:expr, round |$token:ident, $heard:ident| $work:expr) => {{
        let ($there, mut rounds, served) = ($there.clone(), $there.rounds.clone(), $there.served.clone());
        tokio::spawn(async move {
            let mut $socket = $make;
            loop {
                loop {
                    tokio::select! {
                        biased;
                        changed = rounds.changed() => match changed {
                            Ok(()) => break,
                            Err(_) => return,
                        },
                        _ = async { $idle.await } => {}
                    }
                }
                let $token = format!("{HONEST} {}", *rounds.borrow_and_update());
                let $heard = || $there.heard.lock().unwrap().contains(&format!("{} {}", $there.name, $token));
                $work;
                if served.send($there.name.clone()).is_err() {
                    return;
                }
            }
        });
    }};
}

/// What a guest has to know of its host.
#[derive(Clone)]
struct There {
    context: Context,
    name: String,
    address: String,
    rounds: watch::Receiver<u64>,
    served: mpsc::UnboundedSender<String>,
    heard: Arc<Mutex<BTreeSet<String>>>,
}

impl There {
    fn connect<T: zmq_typestate::SocketType<Fresh: zmq_typestate::CanConnect>>(
        &self,
    ) -> Socket<T::Fresh, zmq_typestate::Either> {
        self.context.socket::<T>().unwrap().connect(self.address.as_str()).unwrap().either()
    }

    fn send_guest(self) {
        let there = self;
        let nothing = std::future::pending::<()>;
        let pause = || tokio::time::sleep(millis(5));
        /// Says the token and hears it again.
        macro_rules! echo {
            ($T:ident) => {
                guest!(
                    there,
                    there.connect::<$T>(),
                    idle | socket | socket.recv(),
                    round | token,
                    _heard | {
                        socket.send(token.as_str()).await.unwrap();
                        while socket.recv().await.unwrap() != token.as_bytes() {}
                    }
                )
            };
        }
        /// Hears what the host sends by itself.
        macro_rules! listen {
            ($T:ident $(.$set:ident($($argument:expr),*))*) => {
                guest!(there, there.connect::<$T>()$(.$set($($argument),*))*, idle |socket| socket.recv(), round |_token, _heard| {
                    for _ in 0..3 {
                        socket.recv().await.unwrap();
                    }
                })
            };
        }
        /// Says the token until the victim has got it: it may have been dropped before the subscription was there.
        macro_rules! talk {
            ($T:ident, |$socket:ident, $token:ident| $send:expr) => {
                guest!(
                    there,
                    there.connect::<$T>(),
                    idle | $socket | nothing(),
                    round | $token,
                    heard | {
                        while !heard() {
                            $send.await.unwrap();
                            pause().await;
                        }
                    }
                )
            };
        }
        match there.name.split('/').next().unwrap() {
            "Pair" => echo!(Pair),
            "Pub" => listen!(Sub.subscribe("")),
            "XPub" => listen!(XSub.subscribe("")),
            "Sub" => talk!(Pub, |socket, token| socket.send(token.as_str())),
            "XSub" => talk!(XPub, |socket, token| socket.send(token.as_str())),
            "Req" => {
                guest!(
                    there,
                    there.connect::<Rep>(),
                    idle | socket | async { drop(socket.next_request().await) },
                    round | _token,
                    _heard | {
                        for _ in 0..3 {
                            socket.next_request().await.unwrap().reply("answer").unwrap();
                        }
                    }
                );
            }
            // Answers can be lost by what strangers do (`REDUCED`), and those who ask ask again.
            "Rep" => guest!(
                there,
                there.connect::<Req>(),
                idle | _socket | nothing(),
                round | token,
                _heard | {
                    while !timeout(millis(500), _socket.request(token.as_str()))
                        .await
                        .is_ok_and(|answer| answer.unwrap() == token.as_bytes())
                    {}
                }
            ),
            "Dealer" => listen!(Router),
            "Router" => echo!(Dealer),
            "Pull" => talk!(Push, |socket, token| socket.send(token.as_str())),
            "Push" => listen!(Pull),
            "Stream" => {
                let address = there.address.strip_prefix("tcp://").unwrap().to_owned();
                guest!(
                    there,
                    tokio::net::TcpStream::connect(&address).await.unwrap(),
                    idle | _socket | nothing(),
                    round | token,
                    _heard | {
                        _socket.write_all(token.as_bytes()).await.unwrap();
                        let mut answer = vec![0; token.len()];
                        _socket.read_exact(&mut answer).await.unwrap();
                        assert_eq!(answer, token.as_bytes());
                    }
                );
            }
            #[cfg(feature = "draft")]
            "Server" => echo!(Client),
            #[cfg(feature = "draft")]
            "Client" => listen!(Server),
            #[cfg(feature = "draft")]
            "Radio" => listen!(Dish.join(&GROUP)),
            #[cfg(feature = "draft")]
            "Dish" if there.name.ends_with("udp") => {
                talk!(Radio, |socket, token| socket.send_to(&GROUP, token.as_str()))
            }
            #[cfg(feature = "draft")]
            "Dish" => talk!(Radio, |socket, token| socket.send_to(&GROUP, token.as_str())),
            #[cfg(feature = "draft")]
            "Gather" => talk!(Scatter, |socket, token| socket.send(token.as_str())),
            #[cfg(feature = "draft")]
            "Scatter" => listen!(Gather),
            #[cfg(feature = "draft")]
            "Channel" => echo!(Channel),
            #[cfg(feature = "draft")]
            "Peer" => guest!(
                there,
                there.context.socket::<Peer>().unwrap().connect_peer(there.address.as_str()).unwrap(),
                idle | peer | nothing(),
                round | token,
                _heard | {
                    let (host, socket) = &mut peer;
                    socket.send_to(host, token.as_str()).await.unwrap();
                    assert_eq!(socket.recv().await.unwrap().1, token.as_bytes());
                }
            ),
            #[cfg(feature = "draft")]
            "Dgram" => {
                let address = there.address.strip_prefix("udp://").unwrap().to_owned();
                guest!(
                    there,
                    tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap(),
                    idle | _socket | nothing(),
                    round | token,
                    _heard | {
                        let mut answer = [0; 64];
                        loop {
                            _socket.send_to(token.as_bytes(), &address).await.unwrap();
                            // A datagram may be lost where there are too many.
                            let received = timeout(millis(100), _socket.recv(&mut answer)).await;
                            if received.is_ok_and(|len| answer[..len.unwrap()] == *token.as_bytes()) {
                                break;
                            }
                        }
                    }
                );
            }
            other => panic!("{other}"),
        }
    }
}

impl Honest {
    fn new(targets: &[Target]) -> Self {
        let runtime = multi_thread();
        let (round, rounds) = watch::channel(0);
        let (served, receiver) = mpsc::unbounded_channel();
        let heard = Arc::<Mutex<BTreeSet<String>>>::default();
        let context = Context::new().unwrap();
        let entered = runtime.enter();
        for Target { name, address } in targets {
            let (context, rounds, served, heard) = (context.clone(), rounds.clone(), served.clone(), heard.clone());
            There { context, name: name.clone(), address: address.clone(), rounds, served, heard }.send_guest();
        }
        drop(entered);
        let names = targets.iter().map(|target| target.name.clone()).collect();
        Self { round, served: receiver, names, heard, _runtime: runtime }
    }

    /// Every one of them is served, now. Gives those that were not, when the victim has died or the time is over.
    fn are_served(&mut self, victim: &mut Victim) -> Result<(), BTreeSet<String>> {
        self.heard.lock().unwrap().clear();
        let next = *self.round.borrow() + 1;
        let _ = self.round.send(next);
        let mut waiting = self.names.clone();
        let deadline = Instant::now() + DEADLINE;
        while !waiting.is_empty() {
            victim.listen(&self.heard);
            match self.served.try_recv() {
                Ok(name) => {
                    waiting.remove(&name);
                }
                Err(_) if victim.player.is_running() && Instant::now() < deadline => thread::sleep(millis(1)),
                Err(_) => return Err(waiting),
            }
        }
        Ok(())
    }

    fn must_be_served(&mut self, victim: &mut Victim) {
        if let Err(waiting) = self.are_served(victim) {
            panic!("not served {waiting:?}; {}", victim.player.errors());
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The victim, seen from the test

#[derive(Clone)]
struct Target {
    /// As `Pull/tcp`.
    name: String,
    address: String,
}

impl Target {
    /// The type of socket that its host talks to, in ZMTP's words.
    fn peer(&self) -> &'static str {
        match self.name.split('/').next().unwrap() {
            "Pair" => "PAIR",
            "Pub" => "SUB",
            "XPub" => "XSUB",
            "Sub" => "PUB",
            "XSub" => "XPUB",
            "Req" => "REP",
            "Rep" => "REQ",
            "Dealer" => "ROUTER",
            "Router" => "DEALER",
            "Pull" => "PUSH",
            "Push" => "PULL",
            "Server" => "CLIENT",
            "Client" => "SERVER",
            "Radio" => "DISH",
            "Dish" => "RADIO",
            "Gather" => "SCATTER",
            "Scatter" => "GATHER",
            "Peer" => "PEER",
            "Channel" => "CHANNEL",
            _ => "",
        }
    }
}

struct Victim {
    player: Player,
    targets: Vec<Target>,
    /// What its sockets have told of strangers, without the details.
    errors: BTreeSet<String>,
}

impl Victim {
    fn start(test: &str) -> Self {
        let player = Player::start(test, "victim", "");
        let mut targets = Vec::new();
        loop {
            let line = player.next(Instant::now() + DEADLINE).unwrap_or_else(|| panic!("{}", player.errors()));
            if line == "ready" {
                return Self { player, targets, errors: BTreeSet::new() };
            }
            let mut words = line.split(' ').skip(1);
            targets.push(Target { name: words.next().unwrap().into(), address: words.next().unwrap().into() });
        }
    }

    fn listen(&mut self, heard: &Mutex<BTreeSet<String>>) {
        while let Some(line) = self.player.next(Instant::now()) {
            match line.split_once(' ') {
                Some(("got", rest)) => {
                    heard.lock().unwrap().insert(rest.into());
                }
                Some(("error", rest)) => {
                    let end = rest.find([' ', '(', '{']).map_or(rest.len(), |end| {
                        end + 1 + rest[end + 1..].find([' ', '(', '{']).unwrap_or(rest.len() - end - 1)
                    });
                    self.errors.insert(rest[..end].into());
                }
                _ => {}
            }
        }
    }
}

/// It ends as a process does to which nothing has happened.
fn ends_well(player: Player) {
    let (status, errors) = player.finish();
    assert!(status.success(), "{status}: {errors}");
    assert!(!errors.contains("panicked"), "{errors}");
}

// ---------------------------------------------------------------------------------------------------------------------
// The strangers

/// What a stranger sends, and how it leaves.
struct Attack {
    pieces: Vec<Vec<u8>>,
    /// Whether the handshake comes first, as it should be.
    shakes_hands: bool,
    identity: Option<Vec<u8>>,
    leaves: Leaving,
}

#[derive(Debug, Clone, Copy)]
enum Leaving {
    AtOnce,
    ByReset,
    AfterReading,
    LyingInWait,
}

fn pick<T: Clone>(random: &mut Random, from: &[T]) -> T {
    from[random.below(from.len() as u64) as usize].clone()
}

fn some_bytes(random: &mut Random, most: u64) -> Vec<u8> {
    let count = random.below(most + 1);
    random.bytes(count)
}

/// A body that means something to somebody, or nearly.
fn body(random: &mut Random) -> Vec<u8> {
    let rest = match random.below(8) {
        0 => Vec::new(),
        1 => some_bytes(random, 300),
        2 => vec![random.below(256) as u8; 255],
        3 => b"g".to_vec(),
        _ => some_bytes(random, 24),
    };
    let name: &[u8] = pick(
        random,
        &[
            &b"\x04PING"[..],
            b"\x04PING\0\0",
            b"\x04PING\0\x01context",
            b"\x04PONG",
            b"\x09SUBSCRIBE",
            b"\x06CANCEL",
            b"\x04JOIN",
            b"\x05LEAVE",
            b"\x05ERROR",
            b"\x05READY",
            b"\x05HELLO",
            b"\x08INITIATE",
            b"\x07MESSAGE",
            b"\x01",
            b"\0",
            b"\x02",
            b"",
            b"",
            b"",
            b"\xff",
            b"\x09SUB",
            b"\x04PI",
        ],
    );
    [name, &rest].concat()
}

/// One frame of any kind, mostly with a head that fits.
fn any_frame(random: &mut Random, websocket: bool) -> Vec<u8> {
    let flags = match random.below(10) {
        0..3 => 0,
        3..5 => MORE,
        5..8 => COMMAND,
        8 => COMMAND | MORE,
        _ => random.below(256) as u8,
    };
    let body = match random.below(30) {
        0 => vec![7; random.below(100_000) as usize],
        _ => body(random),
    };
    match random.below(24) {
        // More than will ever come.
        0 => {
            // memcheck takes the end of a block of 4 GiB for no memory, after minutes.
            let much = if SLOWNESS > 1 { 1 << 24 } else { 1 << 32 };
            let size: u64 = pick(random, &[u64::MAX, 1 << 63, (1 << 63) - 1, 1 << 62, 1 << 40, much, 70_000, 300]);
            let head = if websocket { [0x82, 0x80 | 127] } else { [flags | LONG, 0] };
            [&head[..if websocket { 2 } else { 1 }], &size.to_be_bytes(), &body].concat()
        }
        // A long head where a short one would do.
        1 if !websocket => frame(false, flags | LONG, &body),
        2 => some_bytes(random, 40),
        3..8 if websocket => {
            let opcode = pick(random, &[0x80, 0x81, 0x88, 0x89, 0x8a, 0x8b, 0x02, 0x82, 0xf2]);
            let mut bytes = websocket_frame(opcode, &body);
            if random.below(8) == 0 {
                bytes[1] &= 0x7f;
            }
            bytes
        }
        _ => frame(websocket, flags, &body),
    }
}

/// What a peer of this type would send after the handshake.
fn session(target: &Target) -> Vec<Vec<u8>> {
    let websocket = target.address.starts_with("ws");
    let frames: &[(u8, &[u8])] = match target.peer() {
        "SUB" | "XSUB" => {
            &[(COMMAND, b"\x09SUBSCRIBEtopic"), (0, b"\x01other"), (COMMAND, b"\x06CANCELtopic"), (0, b"\0other")]
        }
        "DISH" => &[(COMMAND, b"\x04JOINg"), (COMMAND, b"\x04JOINother"), (COMMAND, b"\x05LEAVEother")],
        "RADIO" => &[(MORE, b"g"), (0, b"message"), (MORE, b"other"), (0, b"message")],
        "REQ" => &[(MORE, b""), (0, b"question"), (MORE, b""), (MORE, b"two"), (0, b"frames")],
        "REP" => &[(MORE, b""), (0, b"answer")],
        "ROUTER" | "DEALER" => &[(MORE, b""), (0, b"message"), (0, b"message"), (COMMAND, b"\x04PING\0\0context")],
        _ => &[(0, b"message"), (0, b""), (COMMAND, b"\x04PING\0\0context"), (0, b"last")],
    };
    frames.iter().map(|(flags, body)| frame(websocket, *flags, body)).collect()
}

/// The same with some of its bytes changed, lost, doubled or added.
fn mutate(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() as u64 + 1) as usize;
        match random.below(5) {
            _ if at >= bytes.len() => bytes.push(random.below(256) as u8),
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.below(256) as u8,
            2 => {
                bytes.remove(at);
            }
            3 => bytes.insert(at, pick(random, &[0, 1, 4, 0x7f, 0xff])),
            _ => bytes.truncate(at),
        }
    }
}

impl Attack {
    /// Always the same one for the same numbers.
    fn new(target: &Target, random: &mut Random) -> Self {
        let websocket = target.address.starts_with("ws");
        let raw = target.peer().is_empty();
        let mut shakes_hands = false;
        let identity = (random.below(3) == 0).then(|| {
            let mut identity = vec![b'i'; random.below(301) as usize];
            if let Some(first) = identity.first_mut() {
                *first = pick(random, &[0, 1, b'i', 0xff]);
            }
            identity
        });
        let hello = |properties: &[(&str, &[u8])]| {
            let start = if websocket { upgrade("ZWS2.0/NULL").into_bytes() } else { greeting(3, 1) };
            [start, frame(websocket, COMMAND, &ready(properties))].concat()
        };
        let mut pieces = match random.below(if raw { 1 } else { 10 }) {
            0 => vec![some_bytes(random, 200)],
            // A greeting that is nearly right.
            1 => {
                let mut bytes = match websocket {
                    true => {
                        upgrade(pick(random, &["ZWS2.0/NULL", "ZWS2.0", "ZWS2.0/PLAIN", "ZWS2.0/CURVE"])).into_bytes()
                    }
                    false => greeting(random.below(6) as u8, random.below(4) as u8),
                };
                mutate(random, &mut bytes);
                vec![bytes, frame(websocket, COMMAND, &ready(&[("Socket-Type", target.peer().as_bytes())]))]
            }
            // Properties that are none.
            2 => {
                let mut body = ready(&[
                    ("Socket-Type", target.peer().as_bytes()),
                    ("Identity", identity.as_deref().unwrap_or(b"x")),
                    ("X-Other", &some_bytes(random, 40)),
                ]);
                mutate(random, &mut body);
                let start = if websocket { upgrade("ZWS2.0/NULL").into_bytes() } else { greeting(3, 1) };
                vec![start, frame(websocket, COMMAND, &body), any_frame(random, websocket)]
            }
            // Before ZMTP 3 there is neither a mechanism nor a check of types.
            3 if websocket => vec![upgrade("ZWS2.0").into_bytes(), frame(true, 0, identity.as_deref().unwrap_or(b""))],
            3 => match random.below(2) {
                0 => vec![old_frame(random.below(2) as u8, identity.as_deref().unwrap_or(b""))],
                _ => {
                    let mut start =
                        vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, random.below(3) as u8, random.below(12) as u8];
                    start.extend(frame(false, 0, identity.as_deref().unwrap_or(b"")));
                    vec![start]
                }
            },
            // A session as it should be, but for a few bytes.
            4 | 5 => {
                let mut bytes =
                    [hello(&[("Socket-Type", target.peer().as_bytes())]), session(target).concat()].concat();
                mutate(random, &mut bytes);
                vec![bytes]
            }
            6 => {
                shakes_hands = true;
                let mut bytes = session(target).concat();
                mutate(random, &mut bytes);
                vec![bytes]
            }
            _ => {
                shakes_hands = true;
                Vec::new()
            }
        };
        for _ in 0..random.below(12) {
            pieces.push(match random.below(6) {
                0 => session(target).concat(),
                1 if !websocket => old_frame(random.below(256) as u8, &body(random)),
                _ => any_frame(random, websocket),
            });
        }
        let leaves = pick(random, &[Leaving::AtOnce, Leaving::ByReset, Leaving::AfterReading, Leaving::LyingInWait]);
        Self { pieces, shakes_hands, identity, leaves }
    }

    fn is_older_than_zmtp_3(&self) -> bool {
        let bytes = self.pieces.concat();
        let is_greeting = bytes.first() == Some(&0xff) && bytes.get(9).is_none_or(|flag| flag & 1 == 1);
        let is_new = is_greeting && bytes.get(10).is_none_or(|version| *version >= 3);
        !self.shakes_hands && !is_new
    }

    fn carry_out(&self, target: &Target, random: &mut Random) -> Option<Stranger> {
        if let Some(address) = target.address.strip_prefix("udp://") {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            for piece in &self.pieces {
                let _ = socket.send_to(piece, address);
            }
            return None;
        }
        self.carry_out_over(Stranger::connect(&target.address).ok()?, target, random)
    }

    /// Over a connection that is there. A stranger that stays keeps it.
    fn carry_out_over(&self, mut stranger: Stranger, target: &Target, random: &mut Random) -> Option<Stranger> {
        let _ = stranger.patience(millis(500));
        if self.shakes_hands {
            let identity = self.identity.as_deref().map(|identity| ("Identity", identity));
            // A PAIR that has its peer refuses.
            let _ = stranger.shake_hands(target.peer(), identity.as_slice());
        }
        let whole = random.below(2) == 0;
        if whole {
            let _ = stranger.write_all(&self.pieces.concat());
        }
        for piece in &self.pieces {
            if !whole && stranger.write_all(piece).is_err() {
                break;
            }
        }
        match self.leaves {
            Leaving::AtOnce => None,
            Leaving::ByReset => {
                stranger.reset();
                None
            }
            Leaving::AfterReading => {
                let _ = stranger.patience(millis(10));
                stranger.finish();
                let mut bytes = [0; 1000];
                // Those who publish never end.
                for _ in 0..20 {
                    if !stranger.read(&mut bytes).is_ok_and(|len| len > 0) {
                        break;
                    }
                }
                None
            }
            Leaving::LyingInWait => Some(stranger),
        }
    }

    fn describe(&self) -> String {
        let mut text = String::new();
        let identity = self.identity.as_deref().unwrap_or_default().escape_ascii();
        let _ = write!(text, "handshake: {}, identity \"{identity}\"", self.shakes_hands);
        for piece in &self.pieces {
            let _ = write!(text, "\n    \"{}\"", piece[..piece.len().min(400)].escape_ascii());
        }
        let _ = write!(text, "\n    leaves {:?}", self.leaves);
        text
    }
}

/// The generator of one attack, so that it can be repeated alone.
fn generator(seed: u64, target: usize, number: u64) -> Random {
    Random::new(seed ^ (target as u64) << 48 ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// So many attacks on every socket, by strangers who come several at a time; after each part of them all that mean well are
/// served.
fn attack(test: &str, seed: u64, rounds: u64) {
    println!("seed {seed}");
    // Strangers over ws that stay for ever (`a_stranger_over_ws_can_keep_a_descriptor_..`) are asked by a REQ in turn, which takes
    // longer and longer: now and then there is a new victim.
    const EACH: u64 = 50;
    for begin in (0..rounds).step_by(EACH as usize) {
        attack_one(test, seed, begin..rounds.min(begin + EACH));
    }
}

fn attack_one(test: &str, seed: u64, rounds: Range<u64>) {
    let mut victim = Victim::start(test);
    let targets = victim.targets.clone();
    assert_eq!(targets.len(), if cfg!(feature = "draft") { 60 } else { 34 });
    let mut honest = Honest::new(&targets);
    let served = |honest: &mut Honest, victim: &mut Victim, round: u64| {
        if let Err(not_served) = honest.are_served(victim) {
            let dead = !victim.player.is_running();
            thread::sleep(millis(100));
            let culprit = dead.then(|| find_culprit(test, seed, &targets, round)).flatten();
            panic!(
                "seed {seed}, round {round}: not served {not_served:?}; dead: {dead}; {}\n{}",
                victim.player.errors(),
                culprit.unwrap_or_default()
            );
        }
    };
    // A PAIR has one peer: the honest one comes first.
    served(&mut honest, &mut victim, rounds.start);
    let lurkers = Mutex::new(Vec::new());
    for round in rounds.clone() {
        let next = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed) as usize;
                        let Some(target) = targets.get(at) else { return };
                        let mut random = generator(seed, at, round);
                        let attack = Attack::new(target, &mut random);
                        let lurker = attack.carry_out(target, &mut random);
                        lurkers.lock().unwrap().extend(lurker);
                    }
                });
            }
        });
        if round % 5 == 4 || round + 1 == rounds.end || !victim.player.is_running() {
            served(&mut honest, &mut victim, round);
            let mut lurkers = lurkers.lock().unwrap();
            let gone = lurkers.len().saturating_sub(100);
            lurkers.drain(..gone);
        }
    }
    println!("what the sockets said of it: {:?}", victim.errors);
    let size = memory(victim.player.pid());
    println!("{size} KiB, {} descriptors", descriptors(victim.player.pid()));
    // Some forty megabytes, however many came.
    assert!(size < 150_000 * u64::from(SLOWNESS), "{size} KiB");
    drop(lurkers);
    drop(honest);
    ends_well(victim.player);
}

/// Which of the last attacks kills a fresh victim all by itself.
fn find_culprit(test: &str, seed: u64, targets: &[Target], round: u64) -> Option<String> {
    let mut victim = Victim::start(test);
    for round in round.saturating_sub(4)..=round {
        for at in 0..targets.len() {
            let target = victim.targets[at].clone();
            let mut random = generator(seed, at, round);
            let attack = Attack::new(&target, &mut random);
            let lurker = attack.carry_out(&target, &mut random);
            thread::sleep(millis(30));
            drop(lurker);
            thread::sleep(millis(10));
            if !victim.player.is_running() {
                return Some(format!("by {} in round {round}: {}", target.name, attack.describe()));
            }
        }
    }
    None
}

/// Any other than the usual attacks are `ZMQ_TYPESTATE_SEED=.. cargo test --test hostile -- --ignored`.
fn seed() -> u64 {
    std::env::var("ZMQ_TYPESTATE_SEED").map_or(42, |seed| seed.parse().unwrap())
}

#[test]
fn bound_sockets_survive_what_strangers_send_and_serve_those_who_mean_well() {
    if role().is_some() {
        return be_the_victim();
    }
    attack("bound_sockets_survive_what_strangers_send_and_serve_those_who_mean_well", seed(), 30);
}

/// So many attacks on every type of socket that connects to a stranger; then it is met as it should be.
fn receive_badly(test: &str, seed: u64, attacks: u64) {
    println!("seed {seed}");
    let mut names =
        vec!["Pair", "Pub", "XPub", "Sub", "XSub", "Req", "Rep", "Dealer", "Router", "Pull", "Push", "Stream"];
    if cfg!(feature = "draft") {
        names.extend(["Server", "Client", "Radio", "Dish", "Gather", "Scatter", "Channel"]);
    }
    let serve = |name: &&str| {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("tcp://{}", server.local_addr().unwrap());
        (Target { name: name.to_string(), address }, server)
    };
    let servers: Vec<_> = names.iter().map(serve).collect();
    let addresses: String = servers.iter().map(|(target, _)| format!("{}={} ", target.name, target.address)).collect();
    let player = Player::start(test, "victim", &addresses);
    player.hear("ready");
    thread::scope(|scope| {
        for (at, (target, server)) in servers.iter().enumerate() {
            let player = &player;
            scope.spawn(move || {
                let name = &target.name;
                server.set_nonblocking(true).unwrap();
                let next = || {
                    let deadline = Instant::now() + DEADLINE;
                    loop {
                        match server.accept() {
                            Ok((stream, _)) => {
                                stream.set_nonblocking(false).unwrap();
                                return Stranger::accepted(stream);
                            }
                            Err(_) if Instant::now() < deadline && !player.has_ended() => thread::sleep(millis(1)),
                            Err(error) => panic!("{name} comes no more ({error}): {}", player.errors()),
                        }
                    }
                };
                for number in 0..attacks {
                    let mut random = generator(seed, at, number);
                    let attack = Attack::new(target, &mut random);
                    // What libzmq does not survive at the wrong moment, which under the tools is a long one.
                    if SLOWNESS > 1 && attack.is_older_than_zmtp_3() {
                        continue;
                    }
                    drop(attack.carry_out_over(next(), target, &mut random));
                }
                if !target.peer().is_empty() {
                    // Some of those that come have gone again.
                    let deadline = Instant::now() + DEADLINE;
                    while let Err(error) = next().shake_hands(target.peer(), &[]) {
                        assert!(Instant::now() < deadline, "{name}: {error}; {}", player.errors());
                    }
                }
            });
        }
    });
    ends_well(player);
}

#[test]
fn connected_sockets_survive_what_strangers_answer() {
    if role().is_some() {
        return be_the_victim();
    }
    receive_badly("connected_sockets_survive_what_strangers_answer", seed(), 30);
}

/// libzmq gives such a connection up for good.
#[test]
fn who_met_a_server_that_breaks_the_protocol_does_not_come_again_by_itself() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", server.local_addr().unwrap());
    let context = Context::new().unwrap();
    let mut push = context.socket::<Push>().unwrap().send_timeout(DEADLINE).connect(address.as_str()).unwrap();
    let mut stranger = Stranger::accepted(server.accept().unwrap().0);
    stranger.write_all(&[greeting(3, 1), frame(false, COMMAND, b"\x05HELLO")].concat()).unwrap();
    // To its end.
    while stranger.read(&mut [0; 100]).is_ok_and(|len| len > 0) {}
    server.set_nonblocking(true).unwrap();
    // Five times as long as it would wait otherwise.
    thread::sleep(millis(500));
    assert!(server.accept().is_err());

    push.disconnect(address.as_str()).unwrap();
    push.also_connect(address.as_str()).unwrap();
    server.set_nonblocking(false).unwrap();
    let mut stranger = Stranger::accepted(server.accept().unwrap().0);
    stranger.shake_hands("PULL", &[]).unwrap();
    push.blocking_send("again").unwrap();
    assert_eq!(stranger.read_frame().unwrap(), (0, b"again".to_vec()));
}

#[test]
#[ignore = "long: 19,000 attacks"]
fn connected_sockets_survive_thousands_of_attacks() {
    if role().is_some() {
        return be_the_victim();
    }
    receive_badly("connected_sockets_survive_thousands_of_attacks", seed().wrapping_add(2), 1000);
}

#[test]
#[ignore = "long: 60,000 attacks"]
fn bound_sockets_survive_tens_of_thousands_of_attacks() {
    if role().is_some() {
        return be_the_victim();
    }
    attack("bound_sockets_survive_tens_of_thousands_of_attacks", seed().wrapping_add(1), 1000);
}

// ---------------------------------------------------------------------------------------------------------------------
// Many

/// So many connections over each transport, as far as a greeting, a handshake, or nothing at all.
fn come_and_go(test: &str, connections: u64) {
    let mut victim = Victim::start(test);
    let targets = victim.targets.clone();
    let mut honest = Honest::new(&targets);
    honest.must_be_served(&mut victim);
    let pid = victim.player.pid();
    let (before, size) = (descriptors(pid), memory(pid));
    for transport in ["tcp", "ipc", "ws"] {
        let targets: Vec<_> = targets.iter().filter(|target| target.name.ends_with(transport)).collect();
        let next = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= connections {
                            return;
                        }
                        let target = targets[number as usize % targets.len()];
                        // The queue of those who wait to be accepted is short.
                        let mut stranger =
                            until_some("there is room to wait", || Stranger::connect(&target.address).ok());
                        let _ = match number / targets.len() as u64 % 4 {
                            1 => stranger.write_all(b"G"),
                            2 => stranger.shake_hands(target.peer(), &[]),
                            3 => {
                                stranger.reset();
                                continue;
                            }
                            _ => Ok(()),
                        };
                    }
                });
            }
            while next.load(Ordering::Relaxed) < connections {
                honest.must_be_served(&mut victim);
            }
        });
        honest.must_be_served(&mut victim);
    }
    until("their descriptors are given back", || descriptors(pid) <= before + 10);
    println!("{size} KiB before, {} after", memory(pid));
    // A megabyte for a thousand over each transport would be a leak of a third of a kilobyte for each.
    assert!(memory(pid) < size + (10_000 + connections) * u64::from(SLOWNESS));
    drop(honest);
    ends_well(victim.player);
}

#[test]
fn connections_that_come_and_go_leave_nothing_behind() {
    if role().is_some() {
        return be_the_victim();
    }
    come_and_go("connections_that_come_and_go_leave_nothing_behind", 1000 / u64::from(SLOWNESS));
}

#[test]
#[ignore = "long: 10,000 connections over each transport"]
fn ten_thousand_connections_that_come_and_go_leave_nothing_behind() {
    if role().is_some() {
        return be_the_victim();
    }
    come_and_go("ten_thousand_connections_that_come_and_go_leave_nothing_behind", 10_000);
}

#[test]
fn a_frame_that_is_too_long_ends_the_connection_before_it_has_come() {
    let context = Context::new().unwrap();
    for (transport, limited) in
        [("tcp", true), ("ipc", true), ("ws", true), ("tcp", false), ("ipc", false), ("ws", false)]
    {
        let pull = context.socket::<Pull>().unwrap().recv_timeout(DEADLINE);
        let pull = if limited { pull.max_message_size(1024) } else { pull };
        let mut pull = pull.bind(endpoint(transport)).unwrap();
        let address = pull.address().to_string();
        // Without a limit: what no memory holds. With one: a byte more than that.
        for size in [u64::MAX >> 1, 1 << 62, 1 << 50, 1025].into_iter().take(if limited { 4 } else { 3 }) {
            let mut stranger = Stranger::connect(&address).unwrap();
            stranger.shake_hands("PUSH", &[]).unwrap();
            let head = match transport {
                // One for the flags.
                "ws" => [&[0x82, 0x80 | 127][..], &(size + 1).to_be_bytes(), &[0; 5]].concat(),
                _ => [&[LONG][..], &size.to_be_bytes()].concat(),
            };
            stranger.write_all(&head).unwrap();
            assert!(!stranger.read(&mut [0; 100]).is_ok_and(|len| len > 0), "{size} over {transport}");
        }
        let mut push = context.socket::<Push>().unwrap().connect(address.as_str()).unwrap();
        push.blocking_send(vec![1; 1024]).unwrap();
        assert_eq!(pull.blocking_recv().unwrap().len(), 1024);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// What libzmq does not survive, each with what keeps it out of reach

/// How a process ends that was treated so.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Lives,
    /// libzmq ends it, with these words.
    Dies(&'static str),
}

use Fate::{Dies, Lives};

/// What is done to a socket in a process of its own, and what becomes of it.
const REDUCED: &[(&str, Fate, fn())] = &[
    // A receiver whose queue is full stops reading. Should the connection end then (over tcp by a reset, over ipc by any end), it
    // leaves the poller, and remembers that; but a heartbeat, and the answer to a PING that has been read already, are
    // written all the same (stream_engine_base.cpp:331, by timer_event and by process_heartbeat_message).
    ("full, a heartbeat, tcp", Dies("!_io_error"), || full_queue("tcp", Some(10), true, false)),
    ("full, a heartbeat, ipc", Dies("!_io_error"), || full_queue("ipc", Some(10), true, false)),
    ("full, a heartbeat, ws", Dies("!_io_error"), || full_queue("ws", Some(10), true, false)),
    ("full, a PING, tcp", Dies("!_io_error"), || full_queue("tcp", Some(10), false, true)),
    ("full, a PING, ipc", Dies("!_io_error"), || full_queue("ipc", Some(10), false, true)),
    ("full, a PING, ws", Dies("!_io_error"), || full_queue("ws", Some(10), false, true)),
    ("full, a PING, a PUB that is idle", Dies("!_io_error"), idle_publisher),
    // A queue without limit is never full, and without heartbeats and PINGs nothing is written.
    ("no limit, a heartbeat, tcp", Lives, || full_queue("tcp", None, true, true)),
    ("no limit, a heartbeat, ipc", Lives, || full_queue("ipc", None, true, true)),
    ("full, neither, tcp", Lives, || full_queue("tcp", Some(10), false, false)),
    ("full, neither, ipc", Lives, || full_queue("ipc", Some(10), false, false)),
    // The same without a stranger: somebody honest has said all, and leaves. The heartbeat meets a closed port, which resets.
    ("an honest sender leaves, a heartbeat, tcp", Dies("!_io_error"), || honest_farewell(Some(10))),
    ("an honest sender leaves, a heartbeat, no limit", Lives, || honest_farewell(None)),
    // Over ws a stranger can choose to have no mechanism, and a heartbeat takes it that there is one
    // (stream_engine_base.cpp:624, after ws_engine.cpp:202).
    ("no mechanism, a heartbeat, ws", Dies("_mechanism != NULL"), || without_mechanism(true)),
    ("no mechanism, no heartbeat, ws", Lives, || without_mechanism(false)),
    // A frame of WebSocket that is none sets no error number; by that of the call before it counts as "later"
    // (ws_decoder.cpp:58 and elsewhere), and input has stopped.
    ("no frame, a heartbeat, ws", Dies("!_io_error"), || no_frame(true)),
    ("no frame, no heartbeat, ws", Lives, || no_frame(false)),
    // Who takes the name that a ROUTER makes up next ends it when it does (socket_base.cpp:2128). The names are counted up
    // from a random number: a worker behind a broker sees them in its envelopes. Who is not let in has no name.
    ("a name made up by the ROUTER", Dies("ok"), || next_name(1)),
    ("a name made up by the ROUTER long ago", Lives, || next_name(-1)),
    ("a name made up by a ROUTER with passwords", Lives, next_name_with_passwords),
    // A name is handed over while the socket has a message of its old owner in its hands, and then that one reads on
    // (socket_base.cpp:2104).
    ("handed over at the wrong moment", Dies("!it->second.active"), || handed_over(true)),
    ("not handed over", Lives, || handed_over(false)),
    // A ROUTER, or REP, that connects and whose queue is exactly full when the connection is made again: the name of its peer
    // finds no room, and the handshake is left half way (stream_engine_base.cpp:511 returns, :417 asserts).
    ("exactly full when it reconnects", Dies("_input_stopped"), || exactly_full(Some(10))),
    ("no limit when it reconnects", Lives, || exactly_full(None)),
    ("exactly full, and bound", Lives, bound_and_exactly_full),
    // An accept without a descriptor left is an error over ipc only (ipc_listener.cpp:325, without EMFILE).
    ("no descriptors, ipc", Dies("Too many open files"), || no_descriptors("ipc")),
    ("no descriptors, tcp", Lives, || no_descriptors("tcp")),
    ("no descriptors, ws", Lives, || no_descriptors("ws")),
    // A message to the group without a name, to a DISH whose queue is full, is given its group twice (dish.cpp:274; msg.cpp:414).
    #[cfg(feature = "draft")]
    ("the group without a name, full", Dies("check ()"), || group_without_name(Some(10))),
    #[cfg(feature = "draft")]
    ("the group without a name, no limit", Lives, || group_without_name(None)),
];

/// What takes its time to happen: strangers who speak ZMTP before 3.0, or none over ws, and give their names just when the
/// socket is closed (zmtp_engine.cpp:446 and :463, ws_engine.cpp:197). A ZAP domain refuses the former, a mechanism both.
const REDUCED_RACES: &[(&str, Fate, fn())] = &[
    ("closing, a ROUTER, tcp", Dies("temporarily unavailable"), || {
        closing(|context| come_to(context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap()))
    }),
    ("closing, a ROUTER that connects, tcp", Dies("temporarily unavailable"), || {
        closing(|context| be_come_to(context.socket::<Router>().unwrap()))
    }),
    ("closing, a ROUTER, ws", Dies("temporarily unavailable"), || {
        closing(|context| come_to(context.socket::<Router>().unwrap().bind(endpoint("ws")).unwrap()))
    }),
    ("closing, a ROUTER with passwords, ws", Lives, || {
        closing(|context| {
            let domain = ZapHandler::start(context).unwrap().domain("all", PlainUsers::new()).unwrap();
            let router = context.socket::<Router>().unwrap().plain_server(&PlainServer::unencrypted(&domain));
            come_to(router.bind(endpoint("ws")).unwrap())
        })
    }),
    ("closing, a PUB, tcp", Dies("temporarily unavailable"), || {
        closing(|context| come_to(context.socket::<Pub>().unwrap().bind(endpoint("tcp")).unwrap()))
    }),
    ("closing, a ROUTER with a ZAP domain, tcp", Lives, || {
        closing(|context| {
            let domain = ZapHandler::start(context).unwrap().domain("all", Addresses::all_but([])).unwrap();
            come_to(context.socket::<Router>().unwrap().zap_domain(&domain).bind(endpoint("tcp")).unwrap())
        })
    }),
    ("closing, a ROUTER with a password that connects, tcp", Lives, || {
        closing(|context| {
            let login = PlainClient::unencrypted("user", "password").unwrap();
            be_come_to(context.socket::<Router>().unwrap().plain_client(&login))
        })
    }),
];

const BEAT: Heartbeat = Heartbeat::every(Duration::from_millis(50)).timeout(Duration::from_secs(60));

fn hwm(limit: Option<u32>) -> Hwm {
    limit.map_or(Hwm::Unlimited, Hwm::messages)
}

/// Fills a PULL by more than it has room for, and resets the connection.
fn full_queue(transport: &str, limit: Option<u32>, heartbeat: bool, ping: bool) {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap().recv_hwm(hwm(limit)).recv_timeout(DEADLINE);
    let pull = if heartbeat { pull.heartbeat(BEAT) } else { pull };
    let mut pull = pull.bind(endpoint(transport)).unwrap();
    let mut stranger = Stranger::connect(&pull.address().to_string()).unwrap();
    stranger.shake_hands("PUSH", &[]).unwrap();
    let websocket = stranger.websocket;
    let mut bytes = frame(websocket, 0, b"x").repeat(100);
    if ping {
        bytes.extend(match websocket {
            true => websocket_frame(0x89, b""),
            false => frame(false, COMMAND, b"\x04PING\0\0"),
        });
    }
    stranger.write_all(&bytes).unwrap();
    thread::sleep(millis(100));
    stranger.reset();
    thread::sleep(millis(300));
    for _ in 0..100 {
        assert_eq!(pull.blocking_recv().unwrap(), "x");
    }
    thread::sleep(millis(100));
}

fn idle_publisher() {
    let context = Context::new().unwrap();
    let mut publisher = context.socket::<Pub>().unwrap().bind(endpoint("tcp")).unwrap();
    let mut stranger = Stranger::connect(&publisher.address().to_string()).unwrap();
    stranger.shake_hands("SUB", &[]).unwrap();
    let mut bytes = frame(false, 0, b"\x01topic").repeat(1010);
    bytes.extend(frame(false, COMMAND, b"\x04PING\0\0"));
    stranger.write_all(&bytes).unwrap();
    thread::sleep(millis(100));
    stranger.reset();
    for _ in 0..10 {
        thread::sleep(millis(50));
        publisher.blocking_send("now it looks at its subscriptions").unwrap();
    }
}

fn honest_farewell(limit: Option<u32>) {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap().recv_hwm(hwm(limit)).recv_timeout(DEADLINE).heartbeat(BEAT);
    let mut pull = pull.bind(endpoint("tcp")).unwrap();
    let elsewhere = Context::new().unwrap();
    let mut push = elsewhere.socket::<Push>().unwrap().connect(pull.address().to_string()).unwrap();
    for _ in 0..2000 {
        push.blocking_send([0; 64]).unwrap();
    }
    drop(push);
    let terminated = multi_thread().block_on(elsewhere.terminate());
    assert_eq!(terminated, Termination::InTime);
    thread::sleep(millis(500));
    for _ in 0..2000 {
        pull.blocking_recv().unwrap();
    }
}

fn without_mechanism(heartbeat: bool) {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap();
    let pull = if heartbeat { pull.heartbeat(BEAT) } else { pull };
    let pull = pull.bind(endpoint("ws")).unwrap();
    let mut stranger = Stranger::connect(&pull.address().to_string()).unwrap();
    stranger.upgrade("ZWS2.0").unwrap();
    thread::sleep(millis(300));
}

fn no_frame(heartbeat: bool) {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap();
    let pull = if heartbeat { pull.heartbeat(BEAT) } else { pull };
    let pull = pull.bind(endpoint("ws")).unwrap();
    let mut stranger = Stranger::connect(&pull.address().to_string()).unwrap();
    stranger.shake_hands("PUSH", &[]).unwrap();
    stranger.write_all(&[0x02]).unwrap();
    thread::sleep(millis(100));
    stranger.reset();
    thread::sleep(millis(300));
}

fn next_name(step: i32) {
    let context = Context::new().unwrap();
    let mut router = context.socket::<Router>().unwrap().recv_timeout(DEADLINE).bind(endpoint("tcp")).unwrap();
    let address = router.address();
    let dealer = || {
        let mut dealer = context.socket::<Dealer>().unwrap().connect(&address).unwrap();
        dealer.blocking_send("hello").unwrap();
        dealer
    };
    let _first = dealer();
    let taken = made_up_after(&router.blocking_recv().unwrap().0, step);
    let mut stranger = Stranger::connect(&router.address().to_string()).unwrap();
    stranger.shake_hands("DEALER", &[("Identity", &taken)]).unwrap();
    stranger.frame(0, b"mine").unwrap();
    assert_eq!(router.blocking_recv().unwrap().0.as_bytes(), taken);
    let _second = dealer();
    router.blocking_recv().unwrap();
}

/// The name that a ROUTER makes up so many peers after this one.
fn made_up_after(name: &RoutingId<Router>, step: i32) -> Vec<u8> {
    let number = u32::from_be_bytes(name.as_bytes()[1..].try_into().unwrap());
    [&[0][..], &number.wrapping_add_signed(step).to_be_bytes()].concat()
}

/// A stranger who is not let in has no name.
fn next_name_with_passwords() {
    let runtime = multi_thread();
    let _entered = runtime.enter();
    let context = Context::new().unwrap();
    let users = PlainUsers::new();
    users.insert("user", "password");
    let domain = ZapHandler::start(&context).unwrap().domain("all", users).unwrap();
    let router = context.socket::<Router>().unwrap().plain_server(&PlainServer::unencrypted(&domain));
    let mut router = router.recv_timeout(DEADLINE).bind(endpoint("tcp")).unwrap();
    let address = router.address();
    let login = PlainClient::unencrypted("user", "password").unwrap();
    let dealer = || {
        let dealer = context.socket::<Dealer>().unwrap().plain_client(&login);
        let mut dealer = dealer.connect(&address).unwrap();
        dealer.blocking_send("hello").unwrap();
        dealer
    };
    let _first = dealer();
    let taken = made_up_after(&router.blocking_recv().unwrap().0, 1);
    let mut stranger = Stranger::connect(&router.address().to_string()).unwrap();
    stranger.shake_hands("DEALER", &[("Identity", &taken)]).unwrap_err();
    let _second = dealer();
    assert_eq!(router.blocking_recv().unwrap().0.as_bytes(), taken);
}

fn handed_over(hands_over: bool) {
    let context = Context::new().unwrap();
    let router = context.socket::<Router>().unwrap().router_handover(hands_over).send_hwm(Hwm::messages(10));
    let router = router.send_buffer(4096.try_into().unwrap()).recv_timeout(DEADLINE);
    let mut router = router.bind(endpoint("tcp")).unwrap();
    let address = router.address().to_string();
    let owner = |message: &[u8]| {
        let mut owner = Stranger::connect(&address).unwrap();
        owner.socket().set_recv_buffer_size(4096).unwrap();
        owner.shake_hands("DEALER", &[("Identity", b"name")]).unwrap();
        owner.frame(0, message).unwrap();
        owner
    };
    let mut old = owner(b"first");
    let (name, _) = router.blocking_recv().unwrap();
    // It reads nothing, until there is no room for it any more.
    for _ in 0..2 {
        while router.try_send_to(&name, vec![0; 10_000]).is_ok() {}
        thread::sleep(millis(100));
    }
    for _ in 0..2 {
        old.frame(0, b"second").unwrap();
    }
    thread::sleep(millis(100));
    // Looking whether there is room takes a message out of the queue, too.
    let _ = router.try_send_to(&name, "x");
    let new = owner(b"third");
    thread::sleep(millis(100));
    let _ = router.try_send_to(&name, "x");
    old.patience(millis(500)).unwrap();
    while old.read(&mut [0; 100_000]).is_ok_and(|len| len > 0) {}
    thread::sleep(millis(100));
    let _ = router.try_send_to(&name, "x");
    drop(new);
}

fn exactly_full(limit: Option<u32>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let context = Context::new().unwrap();
    let router = context.socket::<Router>().unwrap().recv_hwm(hwm(limit)).recv_timeout(DEADLINE);
    let router = router.connect(format!("tcp://{}", listener.local_addr().unwrap())).unwrap();
    fill_exactly(router, || {
        let (mut peer, _) = listener.accept().unwrap();
        peer.set_read_timeout(Some(DEADLINE)).unwrap();
        peer.write_all(&greeting(3, 1)).unwrap();
        peer.read_exact(&mut [0; 64]).unwrap();
        peer.write_all(&frame(false, COMMAND, &ready(&[("Socket-Type", b"DEALER")]))).unwrap();
        Stranger::accepted(peer)
    });
}

fn bound_and_exactly_full() {
    let context = Context::new().unwrap();
    let router = context.socket::<Router>().unwrap().recv_hwm(Hwm::messages(10)).recv_timeout(DEADLINE);
    let router = router.bind(endpoint("tcp")).unwrap();
    let address = router.address().to_string();
    fill_exactly(router, || {
        let mut stranger = Stranger::connect(&address).unwrap();
        stranger.shake_hands("DEALER", &[]).unwrap();
        stranger
    });
}

/// One peer fills the queue and goes; another is there when it is emptied.
fn fill_exactly<M: Attached>(mut router: Socket<Router, M>, meet: impl Fn() -> Stranger) {
    let mut peer = meet();
    peer.write_all(&frame(false, 0, b"x").repeat(10)).unwrap();
    thread::sleep(millis(100));
    drop(peer);
    let peer = meet();
    thread::sleep(millis(100));
    for _ in 0..10 {
        router.blocking_recv().unwrap();
    }
    thread::sleep(millis(100));
    drop(peer);
}

fn no_descriptors(transport: &str) {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap().recv_timeout(DEADLINE);
    let mut pull = pull.bind(endpoint(transport)).unwrap();
    let mut push = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
    push.blocking_send("before").unwrap();
    pull.blocking_recv().unwrap();
    let (_, most) = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::Resource::NOFILE.set(descriptors(std::process::id()) as u64 + 5, most).unwrap();
    let mut strangers = Vec::new();
    while let Ok(stranger) = Stranger::connect(&pull.address().to_string()) {
        strangers.push(stranger);
    }
    thread::sleep(millis(100));
    push.blocking_send("after").unwrap();
    assert_eq!(pull.blocking_recv().unwrap(), "after");
}

#[cfg(feature = "draft")]
fn group_without_name(limit: Option<u32>) {
    let context = Context::new().unwrap();
    let dish = context.socket::<Dish>().unwrap().recv_hwm(hwm(limit)).recv_timeout(DEADLINE);
    let mut dish = dish.bind(endpoint("tcp")).unwrap().join(&GROUP);
    let mut stranger = Stranger::connect(&dish.address().to_string()).unwrap();
    stranger.shake_hands("RADIO", &[]).unwrap();
    stranger.write_all(&[frame(false, MORE, b""), frame(false, 0, b"x")].concat().repeat(100)).unwrap();
    stranger.write_all(&[frame(false, MORE, b"g"), frame(false, 0, b"last")].concat()).unwrap();
    thread::sleep(millis(100));
    assert_eq!(dish.blocking_recv().unwrap().1, "last");
}

const STRANGERS: usize = 64;

/// Strangers, and what closes the socket that they are connected with.
type Met = (Vec<Stranger>, Box<dyn FnOnce()>);

fn come_to<T: SocketType, S: 'static>(socket: Socket<T, Bound<S>>) -> Met {
    let address = socket.address().to_string();
    let strangers = (0..STRANGERS).map(|_| Stranger::connect(&address).unwrap()).collect();
    (strangers, Box::new(move || drop(socket)))
}

fn be_come_to<S: SecurityRole>(router: Socket<Router, Idle<S>>) -> Met {
    let servers: Vec<_> = (0..STRANGERS).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let mut addresses = servers.iter().map(|server| format!("tcp://{}", server.local_addr().unwrap()));
    let mut router = router.connect(addresses.next().unwrap()).unwrap();
    addresses.for_each(|address| router.also_connect(address).unwrap());
    let strangers = servers.iter().map(|server| Stranger::accepted(server.accept().unwrap().0)).collect();
    (strangers, Box::new(move || drop(router)))
}

fn closing(meet: impl Fn(&Context) -> Met) {
    let runtime = multi_thread();
    let _entered = runtime.enter();
    for round in 0..200 {
        let context = Context::new().unwrap();
        let (mut strangers, close) = meet(&context);
        for stranger in &mut strangers {
            // Some are refused.
            let _ = match stranger.websocket {
                true => stranger.upgrade("ZWS2.0"),
                // The length of the name: that is not how a greeting begins.
                false => stranger.write_all(&[5]),
            };
        }
        thread::sleep(millis(20));
        let naming = thread::spawn(move || {
            for stranger in &mut strangers {
                let _ = match stranger.websocket {
                    true => stranger.frame(0, b"name"),
                    false => stranger.write_all(b"\0name"),
                };
            }
            strangers
        });
        thread::sleep(Duration::from_micros(round % 3 * round * 5));
        close();
        drop(context);
        drop(naming.join().unwrap());
    }
}

/// Does it all, each in a process of its own, and compares what becomes of it.
fn reduce(test: &str, cases: &[(&str, Fate, fn())]) {
    if let Some((role, _)) = role() {
        rlimit::Resource::CORE.set(0, 0).unwrap();
        common::players::end_with_the_test();
        let (_, _, play) = cases.iter().find(|(name, ..)| *name == role).unwrap();
        play();
        tell!("lives");
        // Without a farewell: what it has not delivered is nobody's.
        std::process::exit(0);
    }
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for (name, fate, _) in cases {
            let wrong = &wrong;
            scope.spawn(move || {
                // What dies may need the right moment, on a machine that is busy.
                let attempts = if matches!(fate, Dies(_)) { 5 } else { 1 };
                let mut last = (false, String::new());
                for _ in 0..attempts {
                    let mut player = Player::start(test, name, "");
                    let deadline = Instant::now() + 2 * DEADLINE;
                    while player.is_running() && Instant::now() < deadline {
                        thread::sleep(millis(5));
                    }
                    let lives = player.next(Instant::now() + DEADLINE).is_some_and(|line| line == "lives");
                    let (_, errors) = player.finish();
                    let as_told = match fate {
                        Lives => lives,
                        Dies(words) => !lives && errors.contains(words),
                    };
                    if as_told {
                        return;
                    }
                    last = (lives, errors);
                }
                let (lives, errors) = last;
                wrong.lock().unwrap().push(format!("{name}: {fate:?} it should, but lives: {lives}; {errors}"));
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_libzmq_does_not_survive_is_what_is_known_of_and_its_guards_hold() {
    reduce("what_libzmq_does_not_survive_is_what_is_known_of_and_its_guards_hold", REDUCED);
}

#[test]
#[ignore = "long: it has to happen at the right moment"]
fn what_libzmq_does_not_survive_at_the_wrong_moment_is_what_is_known_of() {
    reduce("what_libzmq_does_not_survive_at_the_wrong_moment_is_what_is_known_of", REDUCED_RACES);
}

#[test]
fn who_asks_without_a_delimiter_and_leaves_costs_the_next_one_his_answer_but_no_more() {
    // libzmq: rep.cpp discards what is malformed by router.cpp's rollback, which forgets that it is in the middle of a message
    // only where the peer is still there.
    let context = Context::new().unwrap();
    let mut rep = context.socket::<Rep>().unwrap().recv_timeout(DEADLINE);
    let mut monitor = rep.monitor().unwrap();
    let mut rep = rep.bind(endpoint("tcp")).unwrap();
    let mut stranger = Stranger::connect(&rep.address().to_string()).unwrap();
    stranger.shake_hands("REQ", &[]).unwrap();
    stranger.frame(MORE, b"no delimiter").unwrap();
    stranger.frame(0, b"no question").unwrap();
    thread::sleep(millis(50));
    drop(stranger);
    while !matches!(monitor.blocking_recv().unwrap().unwrap().kind, zmq_typestate::MonitorEventKind::Disconnected) {}
    let mut req = context.socket::<Req>().unwrap().connect(rep.address()).unwrap();
    let runtime = common::current_thread();
    let mut ask = |question: &'static str| {
        runtime.block_on(async {
            let answered = async {
                rep.next_request().await.unwrap().reply(question).unwrap();
                std::future::pending::<()>().await;
            };
            tokio::select! {
                answer = timeout(millis(500), req.request(question)) => answer.ok().map(Result::unwrap),
                () = answered => unreachable!(),
            }
        })
    };
    let first = ask("first");
    assert_eq!(ask("second").unwrap(), "second");
    assert!(first.is_none(), "no longer so: take it out of the list");
}

/// libzmq takes what a PING has beyond its TTL for its context, and does not ask whether it has a TTL (zmtp_engine.cpp:536): it
/// copies as much as fits, from behind the message.
#[test]
fn a_ping_without_its_ttl_is_answered_with_what_lies_behind_it() {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
    let mut stranger = Stranger::connect(&pull.address().to_string()).unwrap();
    stranger.shake_hands("PUSH", &[]).unwrap();
    stranger.frame(COMMAND, b"\x04PING\0\0context").unwrap();
    assert_eq!(stranger.read_frame().unwrap(), (COMMAND, b"\x04PONGcontext".to_vec()));
    // Here that is the rest of the one before. On a new connection it is what the heap was used for last.
    stranger.frame(COMMAND, b"\x04PING").unwrap();
    let (flags, pong) = stranger.read_frame().unwrap();
    assert_eq!(
        (flags, &pong[..12], pong.len()),
        (COMMAND, &b"\x04PONGcontext"[..], 5 + 16),
        "no longer so: take it out of the list"
    );
}

#[test]
fn a_stranger_over_ws_can_keep_a_descriptor_for_as_long_as_the_socket_stands() {
    let test = "a_stranger_over_ws_can_keep_a_descriptor_for_as_long_as_the_socket_stands";
    if role().is_some() {
        let context = Context::new().unwrap();
        for transport in ["tcp", "ipc", "ws"] {
            let pull = context.socket::<Pull>().unwrap().bind(endpoint(transport)).unwrap();
            let kept = |strangers: usize| {
                for _ in 0..strangers {
                    let mut stranger = Stranger::connect(&pull.address().to_string()).unwrap();
                    stranger.shake_hands("PUSH", &[]).unwrap();
                    // What is no frame: over ws one that is not final, else a long one.
                    stranger.write_all(&[0x02, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).unwrap();
                }
            };
            kept(1);
            thread::sleep(millis(100));
            let before = descriptors(std::process::id());
            kept(20);
            let settled = |limit: usize| {
                let deadline = Instant::now() + Duration::from_secs(5);
                while descriptors(std::process::id()) > limit && Instant::now() < deadline {
                    thread::sleep(millis(5));
                }
                descriptors(std::process::id()).saturating_sub(before)
            };
            let left = settled(before);
            drop(pull);
            until("closing gives them back", || descriptors(std::process::id()) < before);
            tell!("left {transport} {left}");
        }
        return;
    }
    let player = Player::start(test, "host", "");
    assert_eq!(player.hear("left"), "tcp 0");
    assert_eq!(player.hear("left"), "ipc 0");
    // None, once libzmq has learned to close them.
    let left: usize = player.hear("left").strip_prefix("ws ").unwrap().parse().unwrap();
    assert!(left >= 10, "{left}");
    assert!(player.finish().0.success());
}

#[cfg(feature = "draft")]
fn be_a_dish(transport: &str) {
    let context = Context::new().unwrap();
    let mut dish = context.socket::<Dish>().unwrap().join(&GROUP).bind(endpoint(transport)).unwrap();
    tell!("at {}", dish.address());
    // Nothing comes that is for it.
    dish.blocking_recv().unwrap();
}

/// Somebody who leaves between the name of a group and its message: libzmq keeps the name for ever (dish.cpp:268), and with it
/// all that was read at once.
#[cfg(feature = "draft")]
#[test]
fn a_stranger_who_leaves_between_group_and_message_can_make_a_dish_grow() {
    if role().is_some() {
        return be_a_dish("tcp");
    }
    let dish = Player::start("a_stranger_who_leaves_between_group_and_message_can_make_a_dish_grow", "dish", "");
    let address = dish.hear("at");
    let for_others = [frame(false, MORE, b"other"), frame(false, 0, &[0; 2000])].concat().repeat(100);
    let bytes = [for_others, frame(false, MORE, &[b'g'; 40])].concat();
    let before = memory(dish.pid());
    until("it has grown by 20 MB", || {
        let mut stranger = Stranger::connect(&address).unwrap();
        stranger.shake_hands("RADIO", &[]).unwrap();
        stranger.write_all(&bytes).unwrap();
        memory(dish.pid()) > before + 20_000
    });
}

/// A datagram that is shorter than the name of the group which it begins with: libzmq throws it away, without giving back the
/// memory that it took for the name (udp_engine.cpp:579).
#[cfg(feature = "draft")]
#[test]
fn a_stranger_over_udp_can_make_a_dish_grow() {
    if role().is_some() {
        return be_a_dish("udp");
    }
    let dish = Player::start("a_stranger_over_udp_can_make_a_dish_grow", "dish", "");
    let address = dish.hear("at").strip_prefix("udp://").unwrap().to_owned();
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let before = memory(dish.pid());
    until("it has grown by 20 MB", || {
        for _ in 0..1000 {
            stranger.send_to(&[255], &address).unwrap();
        }
        memory(dish.pid()) > before + 20_000
    });
}

#[cfg(feature = "draft")]
#[test]
fn a_heartbeat_of_a_radio_ends_its_connection_to_a_dish() {
    // dish.cpp takes every frame from the wire for the first of a message, commands too.
    let context = Context::new().unwrap();
    let mut dish = context.socket::<Dish>().unwrap().join(&GROUP).recv_timeout(DEADLINE).bind(endpoint("tcp")).unwrap();
    let mut radio = Stranger::connect(&dish.address().to_string()).unwrap();
    radio.shake_hands("RADIO", &[]).unwrap();
    radio.frame(MORE, b"g").unwrap();
    radio.frame(0, b"message").unwrap();
    assert_eq!(dish.blocking_recv().unwrap(), (GROUP, "message".into()));
    radio.frame(COMMAND, b"\x04PING\0\0").unwrap();
    // It answers, and then finds its end.
    let end = loop {
        if let Err(end) = radio.read_frame() {
            break end;
        }
    };
    assert_ne!(end.kind(), std::io::ErrorKind::WouldBlock);
}
