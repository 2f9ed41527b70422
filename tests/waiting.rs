//! Waiting: no wakeup is lost, nothing spins, nobody is starved, and giving up loses no message.

mod common;

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context as TaskContext, Poll, Wake, Waker};
use std::time::Duration;

use common::{
    DEADLINE, Random, SLOWNESS, alone, cpu_time, current_thread, endpoint, ends, everywhere, multi_thread, within,
};
use tokio::runtime::Runtime;
use zmq_typestate::{
    Bound, Connected, Context, Dealer, Error, Hwm, Latency, Message, Multipart, Pair, Pull, Push, Rep, Req, Router,
    RoutingId, Socket,
};

/// Fails when nothing is received for this long, however long the whole takes.
const STALL: Duration = Duration::from_secs(DEADLINE.as_secs() / 2);

/// A DEALER whose two halves are used by two tasks, against one that echoes.
async fn saturate(limit: Hwm, latency: Latency, messages: u32) {
    let context = Context::new().unwrap();
    let dealer = || context.socket::<Dealer>().unwrap().send_hwm(limit).recv_hwm(limit).latency(latency);
    let mut echo = dealer().bind(endpoint("tcp")).unwrap();
    let (mut sender, mut receiver) = dealer().connect(echo.address()).unwrap().split();
    let echoing = tokio::spawn(async move {
        for _ in 0..messages {
            let message = echo.recv().await.unwrap();
            echo.send(message).await.unwrap();
        }
        echo
    });
    let sending = tokio::spawn(async move {
        for number in 0..messages {
            sender.send(number.to_le_bytes()).await.unwrap();
        }
        sender
    });
    for number in 0..messages {
        match tokio::time::timeout(STALL, receiver.recv()).await {
            Ok(message) => assert_eq!(message.unwrap(), number.to_le_bytes()),
            Err(_) => panic!("stalled at message {number} with a limit of {limit:?}"),
        }
    }
    drop((echoing.await.unwrap(), sending.await.unwrap().reunite(receiver).unwrap()));
}

fn saturated_at_every_limit(runtime: &Runtime) {
    for limit in [1, 2, 10, 50, 1000] {
        runtime.block_on(saturate(Hwm::messages(limit), Latency::Normal, 200_000 / SLOWNESS));
        runtime.block_on(saturate(Hwm::messages(limit), Latency::Low, 20_000 / SLOWNESS));
    }
}

#[test]
fn saturated_halves_on_one_thread() {
    saturated_at_every_limit(&current_thread());
}

#[test]
fn saturated_halves_on_several_threads() {
    saturated_at_every_limit(&multi_thread());
}

#[test]
fn waiting_uses_no_processor() {
    if !alone("waiting_uses_no_processor") {
        return;
    }
    for (runtime, latency) in [(current_thread(), Latency::Normal), (multi_thread(), Latency::Low)] {
        runtime.block_on(async {
            let context = Context::new().unwrap();
            // One full peer, while another one has room: a ROUTER is writable all the time.
            let limit = Hwm::messages(2);
            let router = context.socket::<Router>().unwrap().send_hwm(limit).latency(latency);
            let mut router = router.bind(endpoint("inproc")).unwrap();
            let dealer = |name| {
                let name = RoutingId::new(name).unwrap();
                let dealer = context.socket::<Dealer>().unwrap().recv_hwm(limit).routing_id(&name);
                (dealer.connect(router.address()).unwrap(), name)
            };
            let ((mut full, name), (mut free, _)) = (dealer("full"), dealer("free"));
            for dealer in [&mut full, &mut free] {
                dealer.send("here").await.unwrap();
                router.recv().await.unwrap();
            }
            while router.try_send_to(&name, "filling").is_ok() {}

            let idle = context.socket::<Pull>().unwrap().latency(latency);
            let mut idle = idle.bind(endpoint("tcp")).unwrap();
            let nobody = context.socket::<Push>().unwrap().latency(latency);
            let mut nobody = nobody.bind(endpoint("tcp")).unwrap();
            let begin = cpu_time();
            tokio::select! {
                sent = router.send_to(&name, "one too many") => panic!("{sent:?}"),
                received = idle.recv() => panic!("{received:?}"),
                sent = nobody.send("nobody") => panic!("{sent:?}"),
                () = tokio::time::sleep(Duration::from_secs(2)) => {}
            }
            let used = cpu_time() - begin;
            assert!(used < SLOWNESS * Duration::from_millis(500), "{used:?} of two seconds");

            // It goes on as soon as there is room.
            let sending = async { router.send_to(&name, "last").await.unwrap() };
            let reading = async { while full.recv().await.unwrap() != "last" {} };
            within(async { tokio::join!(sending, reading) }).await;
        });
    }
}

#[test]
fn a_busy_socket_lets_its_neighbours_run() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let (mut push, mut pull) = ends::<Push, Pull>(&context, &endpoint("inproc"), true);
        let neighbour = Arc::new(AtomicBool::new(false));
        let theirs = neighbour.clone();
        tokio::spawn(async move { theirs.store(true, Ordering::Relaxed) });
        // Never has to wait: there is room, and there is a message. Without a budget this would never end.
        while !neighbour.load(Ordering::Relaxed) {
            push.send("x").await.unwrap();
            pull.recv().await.unwrap();
        }
    }));
}

/// Polls a future so many times, lets others run in between, and drops it.
async fn give_up_after<F: Future>(polls: u64, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..polls {
        let polled = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await;
        if let Poll::Ready(output) = polled {
            return Some(output);
        }
        tokio::task::yield_now().await;
    }
    None
}

#[test]
fn giving_up_loses_no_message() {
    const GIVEN_UP: u64 = 10_000;
    for (runtime, transport) in
        [(current_thread(), "tcp"), (current_thread(), "inproc"), (multi_thread(), "tcp"), (multi_thread(), "inproc")]
    {
        runtime.block_on(within(async {
            let context = Context::new().unwrap();
            let limit = Hwm::messages(5);
            let pull = context.socket::<Pull>().unwrap().recv_hwm(limit).bind(endpoint(transport)).unwrap();
            let mut push = context.socket::<Push>().unwrap().send_hwm(limit).connect(pull.address()).unwrap();
            push.set_latency(if transport == "tcp" { Latency::Normal } else { Latency::Low });
            let receivers_done = Arc::new(AtomicBool::new(false));

            // A send that was given up has sent nothing: the number goes out again.
            let mut pull = pull;
            let done = receivers_done.clone();
            let sending = tokio::spawn(async move {
                let mut random = Random::new(1);
                let (mut given_up, mut number) = (0, 0u32);
                while given_up < GIVEN_UP || !done.load(Ordering::Relaxed) {
                    let message = Multipart::from([number.to_le_bytes(), number.to_be_bytes()]);
                    let sent = if number % 2 == 0 {
                        give_up_after(random.below(3), push.send(number.to_le_bytes())).await
                    } else {
                        give_up_after(random.below(3), push.send_multipart(message)).await
                    };
                    match sent {
                        Some(sent) => {
                            sent.unwrap();
                            number += 1;
                        }
                        None => given_up += 1,
                    }
                }
                push.send("end").await.unwrap();
                number
            });

            let mut random = Random::new(2);
            let (mut given_up, mut expected) = (0, 0u32);
            loop {
                let received = give_up_after(random.below(4), pull.recv_multipart()).await;
                match received.map(Result::unwrap) {
                    Some(message) if message[0] == "end" => break,
                    Some(message) => {
                        assert_eq!(message[0], expected.to_le_bytes());
                        assert_eq!(message.len(), if expected % 2 == 0 { 1 } else { 2 });
                        expected += 1;
                    }
                    None => given_up += 1,
                }
                if given_up >= GIVEN_UP {
                    receivers_done.store(true, Ordering::Relaxed);
                }
            }
            assert_eq!(sending.await.unwrap(), expected);
            assert!(pull.try_recv().is_err());
        }));
    }
}

#[test]
fn a_request_that_was_given_up_never_gets_its_late_answer() {
    everywhere::<Req, Router>(async |mut req, mut router| {
        let mut random = Random::new(3);
        for round in 0..200u32 {
            // Given up before or after it is out.
            let given_up = format!("given up {round}");
            let asked = give_up_after(1 + random.below(3), req.request(&given_up)).await;
            assert!(asked.is_none());
            let question = format!("question {round}");
            let (ask_first, late_first) = (random.below(2) == 0, random.below(2) == 0);
            let answering = async {
                let mut late = None;
                loop {
                    let (envelope, body) = router.recv_request().await.unwrap();
                    if body[0] == given_up {
                        if ask_first {
                            late = Some(envelope);
                        } else {
                            let _ = router.reply(envelope, "late").await;
                        }
                        continue;
                    }
                    if body[0] != question {
                        // From an earlier round: its connection lingered.
                        let _ = router.reply(envelope, "late").await;
                        continue;
                    }
                    if let Some(late) = late.take_if(|_| late_first) {
                        let _ = router.reply(late, "late").await;
                    }
                    router.reply(envelope, "right").await.unwrap();
                    if let Some(late) = late {
                        let _ = router.reply(late, "late").await;
                    }
                    return;
                }
            };
            let (answer, ()) = tokio::join!(req.request(&question), answering);
            assert_eq!(answer.unwrap(), "right", "round {round}");
        }
    });
}

#[test]
fn a_named_req_is_not_found_by_its_late_answer_either() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut router = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
        let name = RoutingId::new("client").unwrap();
        let req = context.socket::<Req>().unwrap().routing_id(&name);
        let mut req: Socket<Req, Connected> = req.connect(router.address()).unwrap();
        for _ in 0..50 {
            assert!(give_up_after(2, req.request("given up")).await.is_none());
            let (late, _) = router.recv_request().await.unwrap();
            let answering = async {
                let (envelope, _) = router.recv_request().await.unwrap();
                router.reply(late, "late").await.unwrap();
                router.reply(envelope, "right").await.unwrap();
            };
            let (answer, ()) = tokio::join!(req.request("question"), answering);
            assert_eq!(answer.unwrap(), "right");
        }
    }));
}

#[test]
fn a_rep_that_goes_owing_answers_first() {
    everywhere::<Req, Rep>(async |mut req, rep| {
        let going = async {
            let (question, owing) = rep.recv().await.unwrap();
            assert_eq!(question, "question");
            drop(owing);
        };
        assert_eq!(tokio::join!(req.request("question"), going).0.unwrap(), "");
    });
}

#[test]
fn a_rep_survives_whatever_becomes_of_its_requests() {
    everywhere::<Req, Rep>(async |mut req, mut rep| {
        for round in 0..30u32 {
            let answering = async {
                // Giving up waiting for a request loses none.
                let request = loop {
                    if let Some(request) = give_up_after(1, rep.next_request()).await {
                        break request.unwrap();
                    }
                };
                match round % 3 {
                    0 => request.reply("answer").unwrap(),
                    1 => drop(request),
                    _ => std::mem::forget(request),
                }
                // A debt that was leaked is paid by the next receive.
                assert!(give_up_after(1, rep.next_request()).await.is_none());
            };
            let (answer, ()) = tokio::join!(req.request("question"), answering);
            assert_eq!(answer.unwrap(), if round % 3 == 0 { "answer" } else { "" }, "round {round}");
        }

        // A handler that is cut off half way has its client answered too.
        let cut_off = async {
            let (entered, wait) = (tokio::sync::Notify::new(), std::future::pending::<Message>);
            let handler = async |_: Message| {
                entered.notify_one();
                wait().await
            };
            tokio::select! {
                served = rep.serve(handler) => panic!("{served:?}"),
                () = entered.notified() => {}
            }
        };
        let (answer, ()) = tokio::join!(req.request("question"), cut_off);
        assert_eq!(answer.unwrap(), "");
    });
}

#[test]
fn pairs_in_both_directions() {
    everywhere::<Pair, Pair>(async |one, other| {
        const MESSAGES: u32 = 5000;
        let tasks = [one.split(), other.split()].map(|(mut sender, mut receiver)| {
            let sending = tokio::spawn(async move {
                for number in 0..MESSAGES {
                    sender.send(number.to_le_bytes()).await?;
                }
                Ok::<_, Error>(sender)
            });
            let receiving = tokio::spawn(async move {
                for number in 0..MESSAGES {
                    assert_eq!(receiver.recv().await?, number.to_le_bytes());
                }
                Ok::<_, Error>(receiver)
            });
            (sending, receiving)
        });
        // Neither is closed before the other has all: over ipc, libzmq drops what is still on its way to a peer that has no
        // room for it, when the connection ends.
        let mut whole = Vec::new();
        for (sending, receiving) in tasks {
            whole.push(sending.await.unwrap().unwrap().reunite(receiving.await.unwrap().unwrap()).unwrap());
        }
    });
}

/// Counts how often it wakes.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// How often a receive that finds nothing looks before it sleeps.
async fn looks(pull: &mut Socket<Pull, Bound>) -> usize {
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(wakes.clone());
    let mut receiving = pull.recv();
    let mut polls = 0;
    while polls <= wakes.0.load(Ordering::Relaxed) {
        assert!(Pin::new(&mut receiving).poll(&mut TaskContext::from_waker(&waker)).is_pending());
        polls += 1;
        // It looks again when the runtime has done everything else.
        tokio::task::yield_now().await;
    }
    polls
}

#[tokio::test]
async fn low_latency_looks_again_a_few_times() {
    let context = Context::new().unwrap();
    for (transport, latency, again) in [
        ("inproc", Latency::Normal, 3),
        ("inproc", Latency::Low, 64),
        ("tcp", Latency::Normal, 0),
        ("tcp", Latency::Low, 64),
    ] {
        let mut pull = context.socket::<Pull>().unwrap().latency(latency).bind(endpoint(transport)).unwrap();
        assert_eq!(looks(&mut pull).await, 1 + again);
        let mut push = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
        push.send("job").await.unwrap();
        assert_eq!(within(pull.recv()).await.unwrap(), "job");
        if transport == "inproc" {
            // It begins anew with each message; another transport may have more to tell meanwhile.
            assert_eq!(looks(&mut pull).await, 1 + again);
        }
    }
    // With a peer that may be anywhere, it sleeps at once again.
    let mut pull = context.socket::<Pull>().unwrap().bind(endpoint("inproc")).unwrap();
    pull.also_bind(endpoint("tcp")).unwrap();
    assert_eq!(looks(&mut pull).await, 1);
}
