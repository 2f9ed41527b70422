//! Thousands of tasks that send, receive, select and are aborted at random, and contexts that end under them: nothing is lost,
//! doubled or stuck, and nothing is left.

mod common;

#[cfg(feature = "draft")]
use std::net::SocketAddrV4;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use common::players::{Player, descriptors, end_with_the_test, role, threads, until};
use common::{DEADLINE, Random, SLOWNESS, TRANSPORTS, endpoint, ends, millis, multi_thread, within};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
#[cfg(feature = "draft")]
use zmq_typestate::{Channel, Client, Dgram, Dish, Gather, Group, Peer, Radio, Scatter, Server, group};
use zmq_typestate::{
    Context, Dealer, Error, Hwm, Pair, Pub, Pull, Push, Rep, Req, Router, SocketSet, Stream, StreamEvent, Sub,
    Termination, XPub, XSub,
};

#[cfg(feature = "draft")]
const GROUP: Group = group!("g");

const RECV_BUFFER: NonZeroU32 = NonZeroU32::new(8192).unwrap();

/// What the tasks of a storm share.
#[derive(Default)]
struct Storm {
    over: AtomicBool,
    /// Calls that were dropped before they were done.
    dropped: AtomicU64,
    /// Messages that were sent, and were received.
    sent: AtomicU64,
    received: AtomicU64,
    aborted: AtomicU64,
    /// What is counted, to tell what hangs.
    counts: Mutex<Vec<(String, Arc<Count>)>>,
    /// What got through where messages may be given up, or lost.
    witnesses: Mutex<Vec<(String, Witness)>>,
}

type Witness = Arc<AtomicU64>;

impl Storm {
    fn count(&self, name: String) -> Arc<Count> {
        let count = Arc::<Count>::default();
        self.counts.lock().unwrap().push((name, count.clone()));
        count
    }

    fn incomplete(&self) -> Vec<String> {
        let counts = self.counts.lock().unwrap();
        let incomplete = counts.iter().filter(|(_, count)| !count.is_complete());
        incomplete.map(|(name, count)| format!("{name}: {count:?}")).collect()
    }

    fn witness(&self, name: String) -> Witness {
        let witness = Witness::default();
        self.witnesses.lock().unwrap().push((name, witness.clone()));
        witness
    }

    /// Where nothing ever got through.
    fn silent(&self) -> Vec<String> {
        let witnesses = self.witnesses.lock().unwrap();
        let silent = witnesses.iter().filter(|(_, witness)| witness.load(Ordering::Relaxed) == 0);
        silent.map(|(name, _)| name.clone()).collect()
    }

    fn rages(&self) -> bool {
        !self.over.load(Ordering::SeqCst)
    }

    /// Gives a call a moment; then it is dropped.
    async fn give_a_moment<T>(&self, random: &mut Random, call: impl Future<Output = T>) -> Option<T> {
        let done = timeout(SLOWNESS * Duration::from_micros(random.below(2000)), call).await.ok();
        if done.is_none() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        done
    }
}

/// How many messages of a pipeline were sent, once that is known, and how many were received.
#[derive(Debug, Default)]
struct Count {
    sent: AtomicU64,
    is_final: AtomicBool,
    received: AtomicU64,
}

impl Count {
    fn is_complete(&self) -> bool {
        self.is_final.load(Ordering::SeqCst) && self.received.load(Ordering::SeqCst) >= self.sent.load(Ordering::SeqCst)
    }

    async fn complete(&self) {
        while !self.is_complete() {
            sleep(millis(1)).await;
        }
    }
}

struct Scene<'a> {
    context: &'a Context,
    storm: &'a Arc<Storm>,
    random: &'a mut Random,
    tasks: &'a mut JoinSet<()>,
}

impl Scene<'_> {
    fn seed(&mut self) -> Random {
        Random::new(self.random.below(1 << 30))
    }

    fn first_binds(&mut self) -> bool {
        self.random.below(2) == 0
    }
}

/// Two tasks, and a socket for each: the numbers that one has sent the other receives, in order, each once. A call that was
/// dropped has sent nothing, and received nothing.
macro_rules! pipeline {
    ($scene:ident, $transport:expr, $A:ident, $B:ident, |$received:ident| $message:expr) => {{
        let first_binds = $scene.first_binds();
        let (mut sender, mut receiver) = ends::<$A, $B>($scene.context, &endpoint($transport), first_binds);
        let count = $scene.storm.count(format!("{} to {} over {}", stringify!($A), stringify!($B), $transport));
        let (storm, mut random, its) = ($scene.storm.clone(), $scene.seed(), count.clone());
        $scene.tasks.spawn(async move {
            let mut number = 0u64;
            while storm.rages() {
                if let Some(sent) = storm.give_a_moment(&mut random, sender.send(number.to_le_bytes())).await {
                    sent.unwrap();
                    number += 1;
                }
            }
            its.sent.store(number, Ordering::SeqCst);
            its.is_final.store(true, Ordering::SeqCst);
            storm.sent.fetch_add(number, Ordering::Relaxed);
            // Over ipc, what a full receiver has not read goes with its sender: see `faults.rs`.
            its.complete().await;
        });
        let (storm, mut random) = ($scene.storm.clone(), $scene.seed());
        $scene.tasks.spawn(async move {
            let mut next = 0u64;
            while !count.is_complete() {
                if let Some($received) = storm.give_a_moment(&mut random, receiver.recv()).await {
                    let $received = $received.unwrap();
                    assert_eq!($message, next.to_le_bytes());
                    next += 1;
                    count.received.store(next, Ordering::SeqCst);
                }
            }
            storm.received.fetch_add(next, Ordering::Relaxed);
            assert!(receiver.try_recv().unwrap_err().is_would_block());
        });
    }};
}

/// A question may be given up; the answer is to the one that was asked last.
fn questions(scene: &mut Scene<'_>, transport: &str) {
    let first_binds = scene.first_binds();
    let (mut req, mut rep) = ends::<Req, Rep>(scene.context, &endpoint(transport), first_binds);
    // Nobody answers any more what is asked at the end.
    req.set_linger(millis(500)).unwrap();
    let answers = scene.storm.witness(format!("REQ and REP over {transport}"));
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        for number in 0u64.. {
            if !storm.rages() {
                break;
            }
            if let Some(answer) = storm.give_a_moment(&mut random, req.request(number.to_le_bytes())).await {
                assert_eq!(answer.unwrap(), number.to_le_bytes());
                answers.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        while storm.rages() {
            if let Some(request) = storm.give_a_moment(&mut random, rep.next_request()).await {
                let request = request.unwrap();
                let answer = request[0].to_vec();
                request.reply(answer).unwrap();
            }
        }
    });
}

/// A ROUTER answers several DEALERs: each has its own answers, in order.
fn routes(scene: &mut Scene<'_>, transport: &str) {
    let mut router = scene.context.socket::<Router>().unwrap().bind(endpoint(transport)).unwrap();
    for _ in 0..3 {
        let mut dealer =
            scene.context.socket::<Dealer>().unwrap().linger(millis(500)).connect(router.address()).unwrap();
        let answers = scene.storm.witness(format!("a DEALER of a ROUTER over {transport}"));
        let (storm, mut random) = (scene.storm.clone(), scene.seed());
        scene.tasks.spawn(async move {
            let (mut asked, mut answered) = (0u64, 0u64);
            while storm.rages() {
                if asked < answered + 50
                    && let Some(sent) = storm.give_a_moment(&mut random, dealer.send(asked.to_le_bytes())).await
                {
                    sent.unwrap();
                    asked += 1;
                }
                if let Some(answer) = storm.give_a_moment(&mut random, dealer.recv()).await {
                    assert_eq!(answer.unwrap(), answered.to_le_bytes());
                    answered += 1;
                    answers.store(answered, Ordering::Relaxed);
                }
            }
        });
    }
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        while storm.rages() {
            if let Some(question) = storm.give_a_moment(&mut random, router.recv()).await {
                let (peer, message) = question.unwrap();
                match router.send_to(&peer, message).await {
                    // When it is over they leave one by one.
                    Ok(()) | Err(Error::Unroutable { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
    });
}

/// What subscribers receive is in order, and may have gaps: two of them in one task.
fn publications(scene: &mut Scene<'_>, transport: &str) {
    let mut publisher = scene.context.socket::<Pub>().unwrap().bind(endpoint(transport)).unwrap();
    let mut xpub = scene.context.socket::<XPub>().unwrap().bind(endpoint(transport)).unwrap();
    let mut sub = scene.context.socket::<Sub>().unwrap().connect(publisher.address()).unwrap().subscribe("");
    let mut xsub = scene.context.socket::<XSub>().unwrap().connect(xpub.address()).unwrap().subscribe("");
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        let mut number = 0u64;
        while storm.rages() {
            for _ in 0..random.below(10) {
                publisher.send(number.to_le_bytes()).await.unwrap();
                xpub.send(number.to_le_bytes()).await.unwrap();
                number += 1;
            }
            storm.give_a_moment(&mut random, xpub.recv()).await;
        }
    });
    let heard = ["PUB and SUB", "XPUB and XSUB"].map(|pair| scene.storm.witness(format!("{pair} over {transport}")));
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        let mut last = [None, None];
        while storm.rages() {
            let either = async {
                tokio::select! {
                    message = sub.recv() => (0, message.unwrap()),
                    message = xsub.recv() => (1, message.unwrap()),
                }
            };
            if let Some((which, message)) = storm.give_a_moment(&mut random, either).await {
                let number = u64::from_le_bytes(message[..].try_into().unwrap());
                assert!(last[which] < Some(number), "{number} after {last:?}");
                last[which] = Some(number);
                heard[which].fetch_add(1, Ordering::Relaxed);
            }
        }
    });
}

/// Several sockets in a set, of which each has its numbers in order.
fn sets(scene: &mut Scene<'_>, transport: &str) {
    let (mut feeds, mut set) = (Vec::new(), SocketSet::new());
    let mut next = std::collections::HashMap::new();
    for _ in 0..5 {
        let pull = scene.context.socket::<Pull>().unwrap().bind(endpoint(transport)).unwrap();
        feeds.push((scene.context.socket::<Push>().unwrap().connect(pull.address()).unwrap(), 0u64));
        next.insert(set.insert(pull), 0u64);
    }
    let count = scene.storm.count(format!("a set over {transport}"));
    let (storm, mut random, its) = (scene.storm.clone(), scene.seed(), count.clone());
    scene.tasks.spawn(async move {
        while storm.rages() {
            let (feed, number) = &mut feeds[random.below(5) as usize];
            if let Some(sent) = storm.give_a_moment(&mut random, feed.send(number.to_le_bytes())).await {
                sent.unwrap();
                *number += 1;
                its.sent.fetch_add(1, Ordering::SeqCst);
            }
        }
        its.is_final.store(true, Ordering::SeqCst);
        its.complete().await;
    });
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        while !count.is_complete() {
            if let Some(received) = storm.give_a_moment(&mut random, set.recv()).await {
                let (key, message) = received.unwrap();
                let next = next.get_mut(&key).unwrap();
                assert_eq!(message.unwrap(), next.to_le_bytes());
                *next += 1;
                count.received.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
}

/// Plain TCP, by connections that come and go.
fn streams(scene: &mut Scene<'_>) {
    let mut stream = scene.context.socket::<Stream>().unwrap().bind(endpoint("tcp")).unwrap();
    let address = stream.address().to_string().strip_prefix("tcp://").unwrap().to_owned();
    let echoes = scene.storm.witness("STREAM".into());
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        while storm.rages() {
            if let Some(event) = storm.give_a_moment(&mut random, stream.recv()).await
                && let StreamEvent::Data(peer, bytes) = event.unwrap()
            {
                // It may have gone.
                let _ = storm.give_a_moment(&mut random, stream.send_to(&peer, bytes)).await;
            }
        }
    });
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while storm.rages() {
            let mut connection = tokio::net::TcpStream::connect(&address).await.unwrap();
            let _ = connection.write_all(b"bytes").await;
            // Some wait for what is on its way through two threads, some are gone by then.
            let patience = SLOWNESS * Duration::from_micros(random.below(50_000));
            if let Ok(Ok(5)) = timeout(patience, connection.read(&mut [0; 5])).await {
                echoes.fetch_add(1, Ordering::Relaxed);
            }
            // Each costs a port for a minute.
            sleep(millis(5)).await;
        }
    });
}

/// The draft types that have no pipeline: several tasks on both ends of CLIENT and SERVER, RADIO and DISH, PEERs.
#[cfg(feature = "draft")]
fn drafts(scene: &mut Scene<'_>, transport: &str) {
    let first_binds = scene.first_binds();
    let (client, server) = ends::<Client, Server>(scene.context, &endpoint(transport), first_binds);
    let (client, server) = (client.share(), server.share());
    let count = scene.storm.count(format!("shared ends over {transport}"));
    let senders = Arc::new(AtomicU64::new(4));
    for _ in 0..4 {
        let (client, senders, its) = (client.clone(), senders.clone(), count.clone());
        let (storm, mut random) = (scene.storm.clone(), scene.seed());
        scene.tasks.spawn(async move {
            while storm.rages() {
                if let Some(sent) = storm.give_a_moment(&mut random, client.send("x")).await {
                    sent.unwrap();
                    its.sent.fetch_add(1, Ordering::SeqCst);
                }
            }
            if senders.fetch_sub(1, Ordering::SeqCst) == 1 {
                its.is_final.store(true, Ordering::SeqCst);
            }
            its.complete().await;
        });
        let (server, its) = (server.clone(), count.clone());
        let (storm, mut random) = (scene.storm.clone(), scene.seed());
        scene.tasks.spawn(async move {
            while !its.is_complete() {
                if let Some(message) = storm.give_a_moment(&mut random, server.recv()).await {
                    message.unwrap();
                    its.received.fetch_add(1, Ordering::SeqCst);
                }
            }
            assert_eq!(its.received.load(Ordering::SeqCst), its.sent.load(Ordering::SeqCst));
        });
    }
    let mut radio = scene.context.socket::<Radio>().unwrap().bind(endpoint(transport)).unwrap();
    let mut dish = scene.context.socket::<Dish>().unwrap().connect(radio.address()).unwrap().join(&GROUP);
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        let mut number = 0u64;
        while storm.rages() {
            for _ in 0..random.below(10) {
                radio.send_to(&GROUP, number.to_le_bytes()).await.unwrap();
                number += 1;
            }
            sleep(Duration::from_micros(random.below(2000))).await;
        }
    });
    let heard = scene.storm.witness(format!("RADIO and DISH over {transport}"));
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        let mut last = None;
        while storm.rages() {
            if let Some(message) = storm.give_a_moment(&mut random, dish.recv()).await {
                let number = u64::from_le_bytes(message.unwrap().1[..].try_into().unwrap());
                assert!(last < Some(number), "{number} after {last:?}");
                last = Some(number);
                heard.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let mut north = scene.context.socket::<Peer>().unwrap().bind(endpoint(transport)).unwrap();
    let (there, mut south) =
        scene.context.socket::<Peer>().unwrap().linger(millis(500)).connect_peer(north.address()).unwrap();
    let answers = scene.storm.witness(format!("PEERs over {transport}"));
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        let (mut asked, mut answered) = (0u64, 0u64);
        while storm.rages() {
            if asked < answered + 50
                && let Some(sent) = storm.give_a_moment(&mut random, south.send_to(&there, asked.to_le_bytes())).await
            {
                sent.unwrap();
                asked += 1;
            }
            if let Some(answer) = storm.give_a_moment(&mut random, south.recv()).await {
                assert_eq!(answer.unwrap().1, answered.to_le_bytes());
                answered += 1;
                answers.store(answered, Ordering::Relaxed);
            }
        }
    });
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        while storm.rages() {
            if let Some(question) = storm.give_a_moment(&mut random, north.recv()).await {
                let (peer, message) = question.unwrap();
                match north.send_to(&peer, message).await {
                    Ok(()) | Err(Error::Unroutable { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
    });
}

/// Datagrams from one to the other and back, of which any may be lost.
#[cfg(feature = "draft")]
fn datagrams(scene: &mut Scene<'_>) {
    let mut there = scene.context.socket::<Dgram>().unwrap().bind(endpoint("udp")).unwrap();
    let mut here = scene.context.socket::<Dgram>().unwrap().bind(endpoint("udp")).unwrap();
    let address: SocketAddrV4 = there.address().to_string().strip_prefix("udp://").unwrap().parse().unwrap();
    let echoes = scene.storm.witness("DGRAMs".into());
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        for number in 0u64.. {
            if !storm.rages() {
                break;
            }
            storm.give_a_moment(&mut random, here.send_to(&address, number.to_le_bytes())).await;
            if let Some(echo) = storm.give_a_moment(&mut random, here.recv()).await {
                let (sender, message) = echo.unwrap();
                assert_eq!((sender, message.len()), (address, 8));
                echoes.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let (storm, mut random) = (scene.storm.clone(), scene.seed());
    scene.tasks.spawn(async move {
        while storm.rages() {
            if let Some(received) = storm.give_a_moment(&mut random, there.recv()).await {
                let (sender, message) = received.unwrap();
                there.send_to(&sender, message).await.unwrap();
            }
        }
    });
}

/// Tasks that are aborted wherever they are, at both ends; the next one goes on with the socket. What they had sent is received,
/// and no more.
macro_rules! aborts {
    ($scene:ident, $transport:expr, $at_once:expr, $A:ident, $B:ident, |$received:ident| $message:expr) => {{
        // Small queues and buffers, and messages that fill them: little is left behind by each.
        let receiver = $scene.context.socket::<$B>().unwrap().recv_hwm(Hwm::messages(10)).recv_buffer(RECV_BUFFER);
        let receiver = receiver.bind(endpoint($transport)).unwrap();
        let senders = (0..$at_once).map(|_| {
            let sender = $scene.context.socket::<$A>().unwrap().send_hwm(Hwm::messages(10));
            Arc::new(tokio::sync::Mutex::new(sender.connect(receiver.address()).unwrap()))
        });
        let mut idle: Vec<_> = senders.collect();
        let receiver = Arc::new(tokio::sync::Mutex::new(receiver));
        let name = format!("aborted tasks, {} to {} over {}", stringify!($A), stringify!($B), $transport);
        let count = $scene.storm.count(name);
        let (storm, mut random, its) = ($scene.storm.clone(), $scene.seed(), count.clone());
        $scene.tasks.spawn(async move {
            let mut running = Vec::new();
            while storm.rages() {
                while let Some(sender) = idle.pop() {
                    let (its, socket) = (its.clone(), sender.clone());
                    let task = tokio::spawn(async move {
                        let mut sender = socket.lock().await;
                        loop {
                            sender.send([7; 1000]).await.unwrap();
                            its.sent.fetch_add(1, Ordering::SeqCst);
                        }
                    });
                    running.push((task, sender));
                }
                sleep(Duration::from_micros(random.below(500))).await;
                // Not more than can be received.
                while storm.rages() && its.sent.load(Ordering::SeqCst) > its.received.load(Ordering::SeqCst) + 20_000 {
                    sleep(millis(1)).await;
                }
                let (task, sender) = running.swap_remove(random.below($at_once) as usize);
                task.abort();
                assert!(task.await.unwrap_err().is_cancelled());
                storm.aborted.fetch_add(1, Ordering::Relaxed);
                idle.push(sender);
            }
            // The sockets stay until all has been received: of a last batch libzmq may lose a part when one closes (`faults.rs`).
            for (task, sender) in running {
                task.abort();
                let _ = task.await;
                idle.push(sender);
            }
            its.is_final.store(true, Ordering::SeqCst);
            its.complete().await;
        });
        let (storm, mut random) = ($scene.storm.clone(), $scene.seed());
        $scene.tasks.spawn(async move {
            while !count.is_complete() {
                let (its, socket) = (count.clone(), receiver.clone());
                let task = tokio::spawn(async move {
                    let mut receiver = socket.lock().await;
                    loop {
                        let $received = receiver.recv().await.unwrap();
                        // Nobody is aborted between the two.
                        its.received.fetch_add(1, Ordering::SeqCst);
                        assert_eq!($message, [7; 1000]);
                    }
                });
                sleep(Duration::from_micros(random.below(5000))).await;
                task.abort();
                assert!(task.await.unwrap_err().is_cancelled());
                storm.aborted.fetch_add(1, Ordering::Relaxed);
            }
            // Nothing comes after that.
            assert!(timeout(millis(100), receiver.lock().await.recv()).await.is_err());
            assert_eq!(count.received.load(Ordering::SeqCst), count.sent.load(Ordering::SeqCst));
        });
    }};
}

/// In a process of its own: a storm, and what is left of it.
fn storm(seed: u64, time: Duration, scale: usize) {
    let (_, most) = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::Resource::NOFILE.set(most, most).unwrap();
    let rage = |time: Duration, scale: usize| {
        let runtime = multi_thread();
        let storm = Arc::<Storm>::default();
        runtime.block_on(async {
            let context = Context::builder().max_sockets(60_000.try_into().unwrap()).build().unwrap();
            let (mut random, mut tasks) = (Random::new(seed), JoinSet::new());
            let scene = &mut Scene { context: &context, storm: &storm, random: &mut random, tasks: &mut tasks };
            for _ in 0..scale {
                for transport in TRANSPORTS {
                    pipeline!(scene, transport, Push, Pull, |message| message);
                    pipeline!(scene, transport, Pair, Pair, |message| message);
                    pipeline!(scene, transport, Dealer, Dealer, |message| message);
                    questions(scene, transport);
                    routes(scene, transport);
                    publications(scene, transport);
                    sets(scene, transport);
                    #[cfg(feature = "draft")]
                    {
                        pipeline!(scene, transport, Scatter, Gather, |message| message);
                        pipeline!(scene, transport, Channel, Channel, |message| message);
                        pipeline!(scene, transport, Client, Server, |message| message.1);
                        drafts(scene, transport);
                    }
                }
                streams(scene);
                #[cfg(feature = "draft")]
                datagrams(scene);
            }
            // Not over ipc: what a full receiver has not read goes with its sender (`faults.rs`).
            aborts!(scene, "tcp", 20, Push, Pull, |message| message);
            aborts!(scene, "inproc", 20, Push, Pull, |message| message);
            aborts!(scene, "ws", 5, Push, Pull, |message| message);
            aborts!(scene, "tcp", 5, Dealer, Router, |message| message.1);
            aborts!(scene, "inproc", 5, Dealer, Dealer, |message| message);
            #[cfg(feature = "draft")]
            {
                aborts!(scene, "tcp", 5, Scatter, Gather, |message| message);
                aborts!(scene, "inproc", 5, Client, Server, |message| message.1);
            }
            tell!("tasks {}", tasks.len());
            tokio::select! {
                () = async {
                    sleep(time).await;
                    let all_heard = async {
                        while !storm.silent().is_empty() {
                            sleep(millis(10)).await;
                        }
                    };
                    // Who is silent is named below.
                    let _ = timeout(DEADLINE, all_heard).await;
                } => {}
                // Only one that failed ends before it is over.
                ended = tasks.join_next() => { ended.unwrap().unwrap(); }
            }
            storm.over.store(true, Ordering::SeqCst);
            let all_end = async {
                while let Some(ended) = tasks.join_next().await {
                    ended.unwrap();
                }
            };
            if timeout(DEADLINE, all_end).await.is_err() {
                eprintln!("tasks hang: {} of them, {:#?}", tasks.len(), storm.incomplete());
                // A panic would wait for what is still to be delivered.
                std::process::abort();
            }
            // REQs and others leave messages behind that nobody wants any more.
            let _ = within(context.terminate()).await;
        });
        storm
    };
    // Once, for what is made once and stays.
    rage(millis(200), 1);
    let (before_threads, before_descriptors) = (threads(std::process::id()), descriptors(std::process::id()));
    let storm = rage(time, scale);
    let numbers = [&storm.dropped, &storm.sent, &storm.received, &storm.aborted].map(|it| it.load(Ordering::Relaxed));
    let [dropped, sent, received, aborted] = numbers;
    assert_eq!(sent, received);
    assert!(dropped > 0 && aborted > 0);
    assert_eq!(storm.silent(), Vec::<String>::new(), "nothing got through");
    until("no thread is left", || threads(std::process::id()) <= before_threads);
    until("no descriptor is left", || descriptors(std::process::id()) <= before_descriptors);
    tell!("passed {sent} sent in pipelines, {dropped} calls dropped, {aborted} tasks aborted");
}

fn a_storm(test: &str, seconds: u64, scale: usize) {
    const SEED: u64 = 5;
    if role().is_some() {
        end_with_the_test();
        return storm(SEED, Duration::from_secs(seconds), scale);
    }
    let mut player = Player::start(test, "storm", "");
    println!("seed {SEED}, {} tasks", player.hear("tasks"));
    // It takes longer than what `hear` waits for.
    let deadline = Instant::now() + Duration::from_secs(seconds) + 3 * DEADLINE;
    while player.is_running() {
        assert!(Instant::now() < deadline, "it hangs: {}", player.errors());
        thread::sleep(millis(20));
    }
    println!("{}", player.errors());
    println!("{}", player.hear("passed"));
    assert!(player.finish().0.success());
}

#[test]
fn a_storm_of_tasks_that_are_dropped_and_aborted_loses_nothing_and_leaves_nothing() {
    a_storm("a_storm_of_tasks_that_are_dropped_and_aborted_loses_nothing_and_leaves_nothing", 5, 1);
}

#[test]
#[ignore = "long: thousands of tasks, for two minutes"]
fn a_storm_of_thousands_of_tasks_loses_nothing_and_leaves_nothing() {
    a_storm("a_storm_of_thousands_of_tasks_loses_nothing_and_leaves_nothing", 120, 15);
}

/// A task that waits on a socket of this type until the context ends under it.
macro_rules! wait {
    ($tasks:ident, $context:ident, $transport:expr, $T:ident $(.$set:ident($($argument:expr),*))*, |$socket:ident| $wait:expr) => {{
        let mut $socket = $context.socket::<$T>().unwrap().bind(endpoint($transport)).unwrap()$(.$set($($argument),*))*;
        $tasks.spawn(async move {
            loop {
                match $wait.await {
                    Ok(_) => {}
                    Err(Error::ContextTerminated { .. }) => return,
                    Err(error) => panic!("{error}"),
                }
            }
        });
    }};
}

/// Contexts that end while tasks wait on sockets of every type: each is told, and none is stuck.
fn ends_of_contexts(rounds: u64, scale: usize) {
    let mut random = Random::new(9);
    let runtime = multi_thread();
    for _ in 0..rounds {
        runtime.block_on(within(async {
            let context = Context::builder().max_sockets(10_000.try_into().unwrap()).build().unwrap();
            let mut tasks = JoinSet::new();
            for _ in 0..scale {
                for transport in TRANSPORTS {
                    wait!(tasks, context, transport, Pair, |socket| socket.recv());
                    wait!(tasks, context, transport, Sub.subscribe(""), |socket| socket.recv());
                    wait!(tasks, context, transport, XSub.subscribe(""), |socket| socket.recv());
                    wait!(tasks, context, transport, XPub, |socket| socket.recv());
                    wait!(tasks, context, transport, Req, |socket| socket.request("nobody"));
                    wait!(tasks, context, transport, Rep, |socket| async { socket.next_request().await.map(drop) });
                    wait!(tasks, context, transport, Dealer, |socket| socket.send("nobody"));
                    wait!(tasks, context, transport, Router, |socket| socket.recv());
                    wait!(tasks, context, transport, Pull, |socket| socket.recv());
                    wait!(tasks, context, transport, Push, |socket| socket.send("nobody"));
                    wait!(tasks, context, transport, Pub, |socket| async {
                        sleep(millis(1)).await;
                        socket.send("nobody").await
                    });
                    #[cfg(feature = "draft")]
                    {
                        wait!(tasks, context, transport, Server, |socket| socket.recv());
                        wait!(tasks, context, transport, Client, |socket| socket.recv());
                        wait!(tasks, context, transport, Dish.join(&GROUP), |socket| socket.recv());
                        wait!(tasks, context, transport, Gather, |socket| socket.recv());
                        wait!(tasks, context, transport, Scatter, |socket| socket.send("nobody"));
                        wait!(tasks, context, transport, Peer, |socket| socket.recv());
                        wait!(tasks, context, transport, Channel, |socket| socket.recv());
                        wait!(tasks, context, transport, Radio, |socket| async {
                            sleep(millis(1)).await;
                            socket.send_to(&GROUP, "nobody").await
                        });
                    }
                }
                wait!(tasks, context, "tcp", Stream, |socket| socket.recv());
            }
            // At any moment: before the first has begun to wait, or after the last.
            sleep(Duration::from_micros(random.below(20_000))).await;
            let ending = match random.below(2) {
                0 => {
                    context.shutdown();
                    None
                }
                _ => Some(context.terminate()),
            };
            while let Some(ended) = tasks.join_next().await {
                ended.unwrap();
            }
            if let Some(ending) = ending {
                assert_eq!(ending.await, Termination::InTime);
            }
        }));
    }
}

#[test]
fn a_context_that_ends_tells_every_task_that_waits() {
    ends_of_contexts(10, 1);
}

#[test]
#[ignore = "long: hundreds of contexts with hundreds of tasks"]
fn hundreds_of_contexts_that_end_tell_every_task_that_waits() {
    ends_of_contexts(300, 5);
}
