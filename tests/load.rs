//! Many peers and many messages: nothing is lost where the pattern promises so, and memory stays within the high water marks.
//!
//! The long forms report rates and memory: `cargo test --release --all-features --test load -- --ignored --nocapture`.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::players::{Player, end_with_the_test, memory, role};
use common::{DEADLINE, SLOWNESS, endpoint, multi_thread};
use tokio::task::JoinSet;
use zmq_typestate::{Context, Dealer, Hwm, Pull, Push, Router, Sub, Verbose, XPub};

/// All descriptors that there may be, and a context with room for as many sockets.
fn roomy() -> Context {
    let (_, most) = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::Resource::NOFILE.set(most, most).unwrap();
    Context::builder().max_sockets(10_000.try_into().unwrap()).build().unwrap()
}

/// A process that serves; its memory is its own.
fn played() -> bool {
    let Some((role, argument)) = role() else { return false };
    end_with_the_test();
    let context = roomy();
    match role.as_str() {
        "router" => {
            let router = context.socket::<Router>().unwrap().backlog(1000.try_into().unwrap());
            let mut router = router.bind(endpoint("tcp")).unwrap();
            tell!("at {}", router.address());
            multi_thread().block_on(async {
                loop {
                    let (peer, message) = router.recv().await.unwrap();
                    router.send_to(&peer, message).await.unwrap();
                }
            });
        }
        "pub" => {
            let [subscribers, messages, limit] =
                argument.split(' ').map(|it| it.parse::<u32>().unwrap()).collect::<Vec<_>>()[..]
            else {
                panic!("{argument}")
            };
            let xpub = context.socket::<XPub>().unwrap().backlog(1000.try_into().unwrap());
            let xpub = xpub.send_hwm(Hwm::messages(limit)).verbose(Verbose::Subscriptions);
            let mut xpub = xpub.bind(endpoint("tcp")).unwrap();
            tell!("at {}", xpub.address());
            multi_thread().block_on(async {
                xpub.wait_for_subscribers(subscribers as usize).await.unwrap();
                for number in 0..messages {
                    xpub.send(numbered(number.into())).await.unwrap();
                }
                tell!("published");
                std::future::pending::<()>().await;
            });
        }
        "sender" => {
            let (address, argument) = argument.split_once(' ').unwrap();
            let messages = argument.parse().unwrap();
            let push = context.socket::<Push>().unwrap().send_hwm(Hwm::messages(1000));
            let mut push = push.connect(address).unwrap();
            tell!("ready {}", memory(std::process::id()));
            for number in 0..messages {
                push.blocking_send(numbered(number)).unwrap();
            }
            tell!("sent");
            common::players::until_released();
        }
        other => panic!("no role {other}"),
    }
    true
}

/// 64 bytes that bear a number.
fn numbered(number: u64) -> [u8; 64] {
    let mut bytes = [number as u8; 64];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes
}

fn number(message: &[u8]) -> u64 {
    let number = u64::from_le_bytes(*message.first_chunk().unwrap());
    assert_eq!(message, numbered(number));
    number
}

fn rate(messages: u64, began: Instant) -> u64 {
    (messages as f64 / began.elapsed().as_secs_f64()) as u64
}

/// One ROUTER, and so many DEALERs with so many questions each, a few at a time: each gets its own answers, in order.
fn one_router(test: &str, clients: usize, questions: u64) {
    const AT_ONCE: u64 = 10;
    if played() {
        return;
    }
    let server = Player::start(test, "router", "");
    let address = server.hear("at");
    let idle = memory(server.pid());
    let began = Instant::now();
    let answers = Arc::new(AtomicU64::new(0));
    multi_thread().block_on(async {
        let context = roomy();
        let mut tasks = JoinSet::new();
        for _ in 0..clients {
            let mut dealer = context.socket::<Dealer>().unwrap().connect(address.as_str()).unwrap();
            let answers = answers.clone();
            tasks.spawn(async move {
                let mut asked = 0;
                for answered in 0..questions {
                    while asked < questions && asked < answered + AT_ONCE {
                        dealer.send(numbered(asked)).await.unwrap();
                        asked += 1;
                    }
                    assert_eq!(number(&dealer.recv().await.unwrap()), answered);
                    answers.fetch_add(1, Ordering::Relaxed);
                }
                dealer
            });
        }
        // They stay until the last of them is done.
        let mut dealers = Vec::new();
        let mut progress = (0, Instant::now());
        while dealers.len() < clients {
            tokio::select! {
                ended = tasks.join_next() => dealers.push(ended.unwrap().unwrap()),
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
            // As long as it goes on it may take its time.
            let now = answers.load(Ordering::Relaxed);
            if now > progress.0 {
                progress = (now, Instant::now());
            }
            assert!(progress.1.elapsed() < DEADLINE, "it hangs after {now} answers");
        }
    });
    let all = clients as u64 * questions;
    assert_eq!(answers.load(Ordering::Relaxed), all);
    let busy = memory(server.pid());
    println!(
        "{clients} DEALERs: {all} answers, none lost, {} /s with their connects; the ROUTER: {idle} KiB, then {busy}, {} KiB for each",
        rate(all, began),
        busy.saturating_sub(idle) / clients as u64
    );
    // Each connection has a buffer of 64 KiB.
    assert!(busy < idle + 400 * clients as u64 + 20_000, "{busy} KiB");
}

#[test]
fn a_router_answers_many_dealers() {
    one_router("a_router_answers_many_dealers", 100, 50);
}

#[test]
#[ignore = "long: 2,000 of them"]
fn a_router_answers_two_thousand_dealers() {
    one_router("a_router_answers_two_thousand_dealers", 2000, 200);
}

/// One publisher and so many SUBs. With room for all that is published each receives all of it; with less, what it
/// receives is in order, and the publisher is held up by nobody.
fn one_publisher(test: &str, subscribers: usize, messages: u64) {
    if played() {
        return;
    }
    for (what, limit) in [("with room for all", messages + 1), ("with the usual limit", 1000)] {
        let server = Player::start(test, "pub", &format!("{subscribers} {messages} {limit}"));
        let address = server.hear("at");
        let received = Arc::new(AtomicU64::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let began = Instant::now();
        multi_thread().block_on(async {
            let context = roomy();
            let mut tasks = JoinSet::new();
            for _ in 0..subscribers {
                let sub = context.socket::<Sub>().unwrap().recv_hwm(Hwm::messages(limit as u32));
                let mut sub = sub.connect(address.as_str()).unwrap().subscribe("");
                let (received, over) = (received.clone(), over.clone());
                tasks.spawn(async move {
                    let mut last = None;
                    while last != Some(messages - 1) && !over.load(Ordering::Relaxed) {
                        let Ok(message) = tokio::time::timeout(Duration::from_millis(100), sub.recv()).await else {
                            continue;
                        };
                        let number = number(&message.unwrap());
                        assert!(last < Some(number), "{number} after {last:?}");
                        last = Some(number);
                        received.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            let all = subscribers as u64 * messages;
            let mut progress = (0, Instant::now());
            // Until all have all; or, where some is dropped, until nothing more comes.
            let silence = if limit > messages { DEADLINE } else { Duration::from_secs(3) };
            let mut published = false;
            while received.load(Ordering::Relaxed) < all && (!published || progress.1.elapsed() < silence) {
                published = published || server.next(Instant::now()).is_some_and(|line| line == "published");
                tokio::time::sleep(Duration::from_millis(5)).await;
                let now = received.load(Ordering::Relaxed);
                if now > progress.0 {
                    progress = (now, Instant::now());
                }
                assert!(progress.1.elapsed() < DEADLINE, "it hangs after {now} messages");
            }
            over.store(true, Ordering::Relaxed);
            while let Some(ended) = tasks.join_next().await {
                ended.unwrap();
            }
            let received = received.load(Ordering::Relaxed);
            println!(
                "{subscribers} SUBs, {what}: {received} of {all} received, {} /s; the publisher: {} KiB",
                rate(received, began),
                memory(server.pid())
            );
            if limit > messages {
                assert_eq!(received, all);
            }
            assert!(received >= subscribers as u64);
        });
    }
}

#[test]
fn a_publisher_reaches_many_subs() {
    one_publisher("a_publisher_reaches_many_subs", 50, 2000);
}

#[test]
#[ignore = "long: 500 of them"]
fn a_publisher_reaches_five_hundred_subs() {
    one_publisher("a_publisher_reaches_five_hundred_subs", 500, 10_000);
}

/// So many messages from four processes through queues with limits, to a receiver that pauses: all arrive, in order, and memory
/// stays what the limits allow.
fn many_messages(test: &str, messages: u64) {
    const SENDERS: u64 = 4;
    if played() {
        return;
    }
    let context = roomy();
    let pull = context.socket::<Pull>().unwrap().recv_hwm(Hwm::messages(1000)).recv_timeout(DEADLINE);
    let mut pull = pull.bind(endpoint("tcp")).unwrap();
    let argument = format!("{} {}", pull.address(), messages / SENDERS);
    let senders: Vec<_> = (0..SENDERS).map(|_| Player::start(test, "sender", &argument)).collect();
    // What each has before it sends. That of this process would be that of other tests too.
    let before = senders.iter().map(|it| it.hear("ready").parse::<u64>().unwrap()).max().unwrap();
    let began = Instant::now();
    let sizes = || senders.iter().map(|it| memory(it.pid())).max().unwrap();
    let mut largest = 0;
    // Messages do not say whom they are from: of each number there are as many as there are senders.
    let mut seen = vec![0u8; (messages / SENDERS) as usize];
    for received in 0..messages / SENDERS * SENDERS {
        let number = number(&pull.blocking_recv().unwrap()) as usize;
        seen[number] += 1;
        assert!(u64::from(seen[number]) <= SENDERS);
        // In order: a sender has reached a number only after all before it.
        assert!(number == 0 || seen[number] <= seen[number - 1]);
        if received % (messages / 10) == 0 {
            // Everything fills up.
            thread::sleep(Duration::from_millis(200));
            largest = largest.max(sizes());
        }
    }
    assert!(seen.iter().all(|count| u64::from(*count) == SENDERS));
    println!(
        "{messages} messages of 64 bytes from {SENDERS} processes, none lost: {} /s with the pauses; the largest sender: {before} KiB, then {largest}",
        rate(messages, began)
    );
    assert!(largest < before + 2_000 * u64::from(SLOWNESS), "{before} KiB, then {largest}");
    for sender in &senders {
        sender.hear("sent");
    }
}

#[test]
fn many_messages_pass_limited_queues_without_loss() {
    many_messages("many_messages_pass_limited_queues_without_loss", 100_000);
}

#[test]
#[ignore = "long: a million"]
fn a_million_messages_pass_limited_queues_without_loss() {
    many_messages("a_million_messages_pass_limited_queues_without_loss", 1_000_000);
}
