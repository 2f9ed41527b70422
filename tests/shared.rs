//! Draft sockets that many tasks and threads use at once: nothing is lost or doubled, no wakeup is lost, nothing aborts.

#![cfg(feature = "draft")]

mod common;

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use common::{Random, SLOWNESS, alone, cpu_time, current_thread, endpoint, multi_thread, within};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use zmq_typestate::{Channel, Client, Context, Dish, Error, Gather, Hwm, Scatter, Server, Socket, group};

fn four_threads() -> Runtime {
    Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap()
}

/// Which of so many numbered messages have come, each once.
struct Seen(Vec<AtomicU64>);

impl Seen {
    fn new(messages: usize) -> Self {
        Self((0..messages).map(|_| AtomicU64::new(0)).collect())
    }

    fn note(&self, message: &[u8]) {
        let number = u32::from_le_bytes(message.try_into().unwrap());
        assert_eq!(self.0[number as usize].fetch_add(1, Ordering::Relaxed), 0, "message {number} came twice");
    }

    fn assert_all(&self) {
        for (number, count) in self.0.iter().enumerate() {
            assert_eq!(count.load(Ordering::Relaxed), 1, "message {number}");
        }
    }
}

/// 4 tasks send and 4 receive through one CLIENT, 800,000 messages there and back.
#[test]
fn eight_tasks_on_one_client() {
    const MESSAGES: u32 = 800_000 / SLOWNESS;
    four_threads().block_on(async {
        let context = Context::new().unwrap();
        let mut server = context.socket::<Server>().unwrap().bind(endpoint("tcp")).unwrap();
        let client = context.socket::<Client>().unwrap().connect(server.address()).unwrap().share();
        let seen = Arc::new(Seen::new(MESSAGES as usize));
        tokio::spawn(async move {
            loop {
                let (sender, message) = server.recv().await.unwrap();
                server.send_to(&sender, message).await.unwrap();
            }
        });
        let mut tasks = JoinSet::new();
        for task in 0..4 {
            let sender = client.clone();
            tasks.spawn(async move {
                for number in (task..MESSAGES).step_by(4) {
                    sender.send(number.to_le_bytes()).await.unwrap();
                }
            });
            let (receiver, seen) = (client.clone(), seen.clone());
            tasks.spawn(async move {
                for _ in 0..MESSAGES / 4 {
                    seen.note(&receiver.recv().await.unwrap());
                }
            });
        }
        while let Some(done) = within(tasks.join_next()).await {
            done.unwrap();
        }
        seen.assert_all();
        assert!(client.try_recv().unwrap_err().is_would_block());
    });
}

/// 8 tasks send through one SCATTER, 8 receive through one GATHER.
#[test]
fn eight_tasks_on_one_scatter_and_eight_on_one_gather() {
    const MESSAGES: u32 = 800_000 / SLOWNESS;
    for transport in ["tcp", "inproc"] {
        four_threads().block_on(async {
            let context = Context::new().unwrap();
            let gather = context.socket::<Gather>().unwrap().bind(endpoint(transport)).unwrap();
            let scatter = context.socket::<Scatter>().unwrap().connect(gather.address()).unwrap().share();
            let gather = gather.share();
            let seen = Arc::new(Seen::new(MESSAGES as usize));
            let mut tasks = JoinSet::new();
            for task in 0..8 {
                let sender = scatter.clone();
                tasks.spawn(async move {
                    for number in (task..MESSAGES).step_by(8) {
                        sender.send(number.to_le_bytes()).await.unwrap();
                    }
                });
                let (receiver, seen) = (gather.clone(), seen.clone());
                tasks.spawn(async move {
                    for _ in 0..MESSAGES / 8 {
                        seen.note(&receiver.recv().await.unwrap());
                    }
                });
            }
            while let Some(done) = within(tasks.join_next()).await {
                done.unwrap();
            }
            seen.assert_all();
        });
    }
}

/// Joined by inproc, each used by a thread: libzmq locks one socket, and in it the other.
#[test]
fn two_threads_that_echo_over_inproc_do_not_lock_each_other() {
    const MESSAGES: u32 = 300_000 / SLOWNESS;
    let context = Context::new().unwrap();
    let mut server = context.socket::<Server>().unwrap().bind(endpoint("inproc")).unwrap();
    let client = context.socket::<Client>().unwrap().connect(server.address()).unwrap().share();
    let one = context.socket::<Channel>().unwrap().bind(endpoint("inproc")).unwrap();
    let other = context.socket::<Channel>().unwrap().connect(one.address()).unwrap().share();
    let one = one.share();
    let count = Arc::new(AtomicUsize::new(0));
    let done = count.clone();
    // In threads that are not waited for, for they would hang.
    let (begun, asking, echoing) = (client.clone(), other.clone(), one.clone());
    thread::spawn(move || {
        loop {
            let Ok((sender, message)) = server.blocking_recv() else { return };
            server.blocking_send_to(&sender, message).unwrap();
        }
    });
    thread::spawn(move || (0..MESSAGES).for_each(|number| begun.blocking_send(number.to_le_bytes()).unwrap()));
    thread::spawn(move || (0..MESSAGES).for_each(|_| one.blocking_send(other.try_recv().unwrap_or_default()).unwrap()));
    thread::spawn(move || {
        (0..MESSAGES).for_each(|_| asking.blocking_send(echoing.try_recv().unwrap_or_default()).unwrap())
    });
    thread::spawn(move || {
        for _ in 0..MESSAGES {
            client.blocking_recv().unwrap();
            done.fetch_add(1, Ordering::Relaxed);
        }
    });
    current_thread().block_on(within(async {
        while count.load(Ordering::Relaxed) < MESSAGES as usize {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }));
}

/// Eight receivers and eight senders that are aborted at random, while room is scarce: what was sent is received, once.
#[test]
fn waiters_that_give_up_strand_nobody() {
    const MESSAGES: usize = 20_000 / SLOWNESS as usize;
    for runtime in [current_thread(), four_threads()] {
        runtime.block_on(async {
            let context = Context::new().unwrap();
            let limit = Hwm::messages(3);
            let gather = context.socket::<Gather>().unwrap().recv_hwm(limit).bind(endpoint("inproc")).unwrap();
            let scatter = context.socket::<Scatter>().unwrap().send_hwm(limit);
            let scatter = scatter.connect(gather.address()).unwrap().share();
            let gather = gather.share();
            let seen = Arc::new(Seen::new(MESSAGES));
            let todo = Arc::new(Mutex::new((0..MESSAGES as u32).collect::<Vec<_>>()));
            let received = Arc::new(AtomicUsize::new(0));
            let mut random = Random::new(3);
            let (mut receivers, mut senders) = (Vec::new(), Vec::new());
            within(async {
                while received.load(Ordering::Relaxed) < MESSAGES {
                    while receivers.len() < 8 {
                        let (gather, seen, received) = (gather.clone(), seen.clone(), received.clone());
                        receivers.push(tokio::spawn(async move {
                            loop {
                                // No await between the two: nobody is aborted there.
                                seen.note(&gather.recv().await.unwrap());
                                received.fetch_add(1, Ordering::Relaxed);
                            }
                        }));
                    }
                    while senders.len() < 8 {
                        let (scatter, todo) = (scatter.clone(), todo.clone());
                        senders.push(tokio::spawn(async move {
                            loop {
                                let number = todo.lock().unwrap().pop();
                                let Some(number) = number else {
                                    tokio::task::yield_now().await;
                                    continue;
                                };
                                // Sent whole or not at all: the number of one that is aborted is still to do.
                                let mut unsent = Unsent(Some(number), todo.clone());
                                scatter.send(number.to_le_bytes()).await.unwrap();
                                unsent.0 = None;
                            }
                        }));
                    }
                    let victims = if random.below(2) == 0 { &mut receivers } else { &mut senders };
                    victims.swap_remove(random.below(8) as usize).abort();
                    tokio::task::yield_now().await;
                }
            })
            .await;
            seen.assert_all();
        });
    }
}

/// A number that has been taken from what is to do, and goes back there unless it was sent.
struct Unsent(Option<u32>, Arc<Mutex<Vec<u32>>>);

impl Drop for Unsent {
    fn drop(&mut self) {
        self.1.lock().unwrap().extend(self.0);
    }
}

#[test]
fn threads_that_block_and_tasks_that_wait_share_a_socket() {
    const MESSAGES: u32 = 50_000 / SLOWNESS;
    let context = Context::new().unwrap();
    let gather = context.socket::<Gather>().unwrap().recv_hwm(Hwm::messages(10)).bind(endpoint("tcp")).unwrap();
    let scatter = context.socket::<Scatter>().unwrap().send_hwm(Hwm::messages(10));
    let scatter = scatter.connect(gather.address()).unwrap().share();
    let gather = gather.share();
    let seen = Arc::new(Seen::new(4 * MESSAGES as usize));
    let runtime = multi_thread();
    thread::scope(|scope| {
        for part in 0..4 {
            let (sender, receiver, seen) = (scatter.clone(), gather.clone(), seen.clone());
            let numbers = part * MESSAGES..(part + 1) * MESSAGES;
            if part % 2 == 0 {
                scope.spawn(move || numbers.for_each(|number| sender.blocking_send(number.to_le_bytes()).unwrap()));
                scope.spawn(move || (0..MESSAGES).for_each(|_| seen.note(&receiver.blocking_recv().unwrap())));
            } else {
                runtime.spawn(async move {
                    for number in numbers {
                        sender.send(number.to_le_bytes()).await.unwrap();
                    }
                });
                runtime.spawn(async move {
                    for _ in 0..MESSAGES {
                        seen.note(&receiver.recv().await.unwrap());
                    }
                });
            }
        }
    });
    runtime.block_on(within(async {
        while Arc::strong_count(&seen) > 1 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }));
    seen.assert_all();
}

/// Polls once, and says whether it has to wait.
async fn waits<F: Future>(mut future: Pin<&mut F>) -> bool {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_pending())).await
}

/// Another runtime has watched the descriptor last, and is not run any more.
#[test]
fn a_runtime_that_stands_still_holds_up_nobody() {
    let context = Context::new().unwrap();
    let gather = context.socket::<Gather>().unwrap().bind(endpoint("inproc")).unwrap();
    let mut scatter = context.socket::<Scatter>().unwrap().connect(gather.address()).unwrap();
    let gather = gather.share();
    let (ours, theirs) = (current_thread(), current_thread());
    for gives_up in [true, false, true, false] {
        ours.block_on(within(async {
            // In a task of its own, which is polled when it is woken, and not before.
            let receiver = gather.clone();
            let receiving = tokio::spawn(async move { receiver.recv().await.unwrap() });
            tokio::task::yield_now().await;
            thread::scope(|scope| {
                let one_round = async {
                    let mut receiving = pin!(gather.recv());
                    assert!(waits(receiving.as_mut()).await);
                    if !gives_up {
                        scatter.send("theirs").await.unwrap();
                        assert_eq!(receiving.await.unwrap(), "theirs");
                    }
                };
                scope.spawn(|| theirs.block_on(within(one_round)));
            });
            // Until the task waits again, the message is its own in either case.
            tokio::task::yield_now().await;
            scatter.send("ours").await.unwrap();
            assert_eq!(receiving.await.unwrap(), "ours");
        }));
    }
}

/// Each signal stays until it is taken, and a few hundred of them abort the process. Here nobody waits for any.
#[test]
fn signals_that_nobody_waits_for_do_not_pile_up() {
    let context = Context::new().unwrap();
    let server = context.socket::<Server>().unwrap().bind(endpoint("inproc")).unwrap();
    let client = context.socket::<Client>().unwrap().connect(server.address()).unwrap();
    let (server, client) = (server.share(), client.share());
    // From here on they signal.
    current_thread().block_on(async {
        let (mut one, mut other) = (pin!(server.recv()), pin!(client.recv()));
        assert!(waits(one.as_mut()).await && waits(other.as_mut()).await);
    });
    for number in 0..5_000u32 {
        client.try_send(number.to_le_bytes()).unwrap();
        let (sender, message) = server.try_recv().unwrap();
        server.try_send_to(&sender, message).unwrap();
        assert_eq!(client.try_recv().unwrap(), number.to_le_bytes());
        assert!(server.try_recv().is_err() && client.try_recv().is_err());
    }
}

#[test]
fn the_end_of_the_context_wakes_everybody() {
    let runtime = multi_thread();
    let context = Context::new().unwrap();
    let server = context.socket::<Server>().unwrap().bind(endpoint("tcp")).unwrap().share();
    let scatter = context.socket::<Scatter>().unwrap().bind(endpoint("tcp")).unwrap().share();
    let mut tasks = JoinSet::new();
    for _ in 0..4 {
        let (receiver, sender) = (server.clone(), scatter.clone());
        tasks.spawn_on(async move { receiver.recv().await.map(drop).unwrap_err() }, runtime.handle());
        tasks.spawn_on(async move { sender.send("nobody").await.unwrap_err() }, runtime.handle());
    }
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (receiver, sender) = (server.clone(), scatter.clone());
            let receiving = thread::spawn(move || receiver.blocking_recv().map(drop).unwrap_err());
            let sending = thread::spawn(move || sender.blocking_send("nobody").unwrap_err());
            [receiving, sending]
        })
        .collect();
    // However many of them wait by now.
    thread::sleep(Duration::from_millis(100));
    context.shutdown();
    let ended = |error: &Error| assert!(matches!(error, Error::ContextTerminated { .. }), "{error}");
    runtime.block_on(within(async {
        while let Some(error) = tasks.join_next().await {
            let error = error.unwrap();
            ended(&error);
            if let Some(message) = error.into_message() {
                assert_eq!(message[0], "nobody");
            }
        }
    }));
    for error in threads.into_iter().flatten() {
        ended(&error.join().unwrap());
    }
}

#[test]
fn waiting_for_a_shared_socket_uses_no_processor() {
    if !alone("waiting_for_a_shared_socket_uses_no_processor") {
        return;
    }
    multi_thread().block_on(async {
        let context = Context::new().unwrap();
        let limit = Hwm::messages(2);
        // One full client, while another one has room: a SERVER is writable all the time.
        let server = context.socket::<Server>().unwrap().send_hwm(limit).bind(endpoint("inproc")).unwrap().share();
        let client = || context.socket::<Client>().unwrap().recv_hwm(limit).connect(server.address()).unwrap();
        let (mut full, mut free) = (client(), client());
        full.send("here").await.unwrap();
        let (id, _) = server.recv().await.unwrap();
        free.send("here").await.unwrap();
        server.recv().await.unwrap();
        while server.try_send_to(&id, "filling").is_ok() {}
        let dish = context.socket::<Dish>().unwrap().join(&group!("quiet")).bind(endpoint("tcp")).unwrap().share();
        let channel = context.socket::<Channel>().unwrap().bind(endpoint("tcp")).unwrap().share();
        let blocking = channel.clone();
        thread::spawn(move || blocking.blocking_recv());
        let begin = cpu_time();
        tokio::select! {
            sent = server.send_to(&id, "one too many") => panic!("{sent:?}"),
            received = server.recv() => panic!("{received:?}"),
            received = dish.recv() => panic!("{received:?}"),
            received = channel.recv() => panic!("{received:?}"),
            sent = channel.send("nobody") => panic!("{sent:?}"),
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
        }
        let used = cpu_time() - begin;
        assert!(used < SLOWNESS * Duration::from_millis(500), "{used:?} of two seconds");
        // It goes on as soon as there is room.
        let sending = async { server.send_to(&id, "last").await.unwrap() };
        let reading = async { while full.recv().await.unwrap() != "last" {} };
        within(async { tokio::join!(sending, reading) }).await;
    });
}

/// Two senders wait for room at different clients: each goes on when its own has some.
#[test]
fn a_full_client_does_not_hold_up_the_answers_to_others() {
    for runtime in [current_thread(), multi_thread()] {
        runtime.block_on(within(async {
            let context = Context::new().unwrap();
            let limit = Hwm::messages(2);
            let server = context.socket::<Server>().unwrap().send_hwm(limit).bind(endpoint("inproc")).unwrap().share();
            let client = || context.socket::<Client>().unwrap().recv_hwm(limit).connect(server.address()).unwrap();
            let mut clients = [client(), client(), client()];
            let mut waiting = JoinSet::new();
            for client in &mut clients {
                client.send("here").await.unwrap();
                let (id, _) = server.recv().await.unwrap();
                while server.try_send_to(&id, "filling").is_ok() {}
                let server = server.clone();
                waiting.spawn(async move { server.send_to(&id, "last").await.unwrap() });
            }
            tokio::task::yield_now().await;
            // The last one that waits is the first one that has room.
            for client in clients.iter_mut().rev() {
                while client.recv().await.unwrap() != "last" {}
                waiting.join_next().await.unwrap().unwrap();
            }
        }));
    }
}

#[test]
fn a_shared_socket_ends_with_its_last_handle() {
    let context = Context::new().unwrap();
    let one = context.socket::<Channel>().unwrap().bind(endpoint("inproc")).unwrap().share();
    let address = one.address();
    let two = one.clone();
    let two = two.into_socket().unwrap_err();
    drop(one);
    assert!(context.socket::<Channel>().unwrap().bind(&address).is_err(), "it is still bound");
    let socket: Socket<Channel, _> = two.into_socket().unwrap();
    drop(socket);
    drop(context.socket::<Channel>().unwrap().bind(&address).unwrap());
}
