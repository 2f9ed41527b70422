//! Runtimes that come and go, contexts that end, processes that exit.

mod common;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::process::{Child, Command};
use std::sync::LazyLock;
use std::task::{Context as TaskContext, Poll, Waker};
use std::thread;
use std::time::Duration;

use common::{current_thread, endpoint, ends, multi_thread, within};
use tokio::runtime::Builder;
use zmq_typestate::{
    Connected, Context, Dealer, Error, Hwm, Message, Pair, Pull, Push, Rep, Req, Socket, Sub, Termination,
};

/// Polls once, outside of everything.
fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut TaskContext::from_waker(Waker::noop()))
}

// ---------------------------------------------------------------------------------------------------------------------
// Runtimes

#[test]
fn without_a_runtime_async_calls_say_so_and_the_others_work() {
    let context = Context::new().unwrap();
    let (mut push, mut pull) = ends::<Push, Pull>(&context, &endpoint("tcp"), false);
    // Also where it could be done at once: it must not depend on luck.
    match poll_once(push.send("job")) {
        Poll::Ready(Err(error @ Error::NoRuntime { .. })) => assert_eq!(error.into_message().unwrap()[0], "job"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(poll_once(pull.recv()), Poll::Ready(Err(Error::NoRuntime { .. }))));
    push.blocking_send("blocking").unwrap();
    assert_eq!(pull.blocking_recv().unwrap(), "blocking");
    push.try_send("trying").unwrap();
    while pull.try_recv().is_err() {}

    let (req, _rep) = ends::<Req, Rep>(&context, &endpoint("tcp"), false);
    match poll_once(req.send("question")) {
        Poll::Ready(Err(returned)) => {
            let (_req, error) = returned.into_parts();
            assert!(matches!(error, Error::NoRuntime { .. }), "{error:?}");
            assert_eq!(error.into_message().unwrap()[0], "question");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_runtime_without_its_drivers_is_told_by_name() {
    let context = Context::new().unwrap();
    let (mut push, mut pull) = ends::<Push, Pull>(&context, &endpoint("tcp"), false);
    let no_io = Builder::new_current_thread().enable_time().build().unwrap();
    let error = no_io.block_on(push.send("job")).unwrap_err();
    assert!(matches!(error, Error::NoDriver { driver: "I/O", .. }), "{error:?}");
    assert_eq!(error.into_message().unwrap()[0], "job");
    assert!(matches!(no_io.block_on(pull.recv()), Err(Error::NoDriver { .. })));

    let no_time = Builder::new_current_thread().enable_io().build().unwrap();
    let req = context.socket::<Req>().unwrap().bind(endpoint("tcp")).unwrap();
    let returned = no_time.block_on(req.send_within(Duration::from_secs(1), "question")).unwrap_err();
    assert!(matches!(returned.error(), Error::NoDriver { driver: "time", .. }), "{returned:?}");
    no_time.block_on(push.send("job")).unwrap();
    assert_eq!(no_time.block_on(pull.recv()).unwrap(), "job");
}

#[test]
fn a_socket_outlives_its_runtime_and_moves_to_another() {
    let context = Context::new().unwrap();
    let (mut push, mut pull) = ends::<Push, Pull>(&context, &endpoint("tcp"), false);
    // The second one is dropped after use; the first one is kept, and never runs again.
    let idle = current_thread();
    for runtime in [&idle, &current_thread(), &multi_thread(), &current_thread()] {
        runtime.block_on(within(async {
            let receive = async {
                for round in 0..100 {
                    assert_eq!(pull.recv().await.unwrap(), format!("{round}"));
                }
            };
            let send = async {
                for round in 0..100 {
                    // Lets the receiver go to sleep first.
                    tokio::task::yield_now().await;
                    tokio::time::sleep(Duration::from_micros(100)).await;
                    push.send(format!("{round}")).await.unwrap();
                }
            };
            tokio::join!(receive, send);
        }));
    }
}

#[test]
fn lock_step_calls_give_up_in_time_and_give_the_socket_back() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let soon = Duration::from_millis(5);
        let (req, rep) = ends::<Req, Rep>(&context, &endpoint("tcp"), false);
        let returned = rep.recv_within(soon).await.unwrap_err();
        assert!(matches!(returned.error(), Error::TimedOut { .. }), "{returned:?}");
        let rep = returned.into_socket();

        let req = req.send("first").await.unwrap();
        let (req, error) = req.recv_within(soon).await.unwrap_err().into_parts();
        assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
        let (request, rep) = rep.recv().await.unwrap();
        assert_eq!(request, "first");
        let _rep = rep.send("answer").await.unwrap();
        assert_eq!(req.recv().await.unwrap().0, "answer");

        let lonely = context.socket::<Req>().unwrap().bind(endpoint("tcp")).unwrap();
        let (_lonely, error) = lonely.send_within(soon, "anyone?").await.unwrap_err().into_parts();
        assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
        assert_eq!(error.into_message().unwrap()[0], "anyone?");
    }));
}

// ---------------------------------------------------------------------------------------------------------------------
// The end of a context

fn is_over<T: std::fmt::Debug>(result: Result<T, impl Into<Error>>) {
    match result.map_err(Into::into) {
        Err(Error::ContextTerminated { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_shutdown_wakes_whoever_waits() {
    for runtime in [current_thread(), multi_thread()] {
        runtime.block_on(within(async {
            let context = Context::new().unwrap();
            let mut pull = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
            let mut push = context.socket::<Push>().unwrap().bind(endpoint("tcp")).unwrap();
            let mut sub = context.socket::<Sub>().unwrap().bind(endpoint("tcp")).unwrap().subscribe("");
            let mut req = context.socket::<Req>().unwrap().bind(endpoint("tcp")).unwrap();
            let mut rep = context.socket::<Rep>().unwrap().bind(endpoint("tcp")).unwrap();
            let mut server = context.socket::<Rep>().unwrap().bind(endpoint("tcp")).unwrap();
            let (mut sender, mut receiver) = context.socket::<Dealer>().unwrap().bind(endpoint("tcp")).unwrap().split();
            let mut blocked = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
            let thread = thread::spawn(move || is_over(blocked.blocking_recv()));

            let waiting = async {
                tokio::join!(
                    async { is_over(pull.recv().await) },
                    async { is_over(push.send("nobody").await) },
                    async { is_over(sub.recv_multipart().await) },
                    async { is_over(req.request("nobody").await) },
                    async { is_over(rep.next_request().await.map(drop)) },
                    async { server.serve(async |request: Message| request).await.unwrap() },
                    async { is_over(sender.send("nobody").await) },
                    async { is_over(receiver.recv().await) },
                );
            };
            let mut waiting = pin!(waiting);
            poll_fn(|cx| Poll::Ready(waiting.as_mut().poll(cx).is_pending())).await;
            context.shutdown();
            waiting.await;
            tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap();
        }));
    }
}

#[test]
fn terminate_tells_whether_all_was_delivered() {
    current_thread().block_on(within(async {
        assert_eq!(Context::new().unwrap().terminate().await, Termination::InTime);

        // Nobody comes for the message.
        let context = Context::new().unwrap();
        let push = context.socket::<Push>().unwrap().linger(Duration::from_millis(50));
        let mut push = push.connect("tcp://127.0.0.1:1").unwrap();
        push.send("lost").await.unwrap();
        drop(push);
        assert_eq!(context.terminate().await, Termination::LingerExpired);

        // Somebody does, while it terminates.
        let there = Context::new().unwrap();
        let mut pull = there.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
        let context = Context::new().unwrap();
        let mut push = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
        push.send("delivered").await.unwrap();
        drop(push);
        assert_eq!(context.terminate().await, Termination::InTime);
        assert_eq!(pull.recv().await.unwrap(), "delivered");

        // An open socket keeps it waiting; a second handle does not.
        let context = Context::new().unwrap();
        let handle = context.clone();
        let open = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut terminating = context.terminate();
        for _ in 0..100 {
            assert!(poll_fn(|cx| Poll::Ready(Pin::new(&mut terminating).poll(cx).is_pending())).await);
            tokio::task::yield_now().await;
        }
        assert!(matches!(handle.socket::<Pull>(), Err(Error::ContextTerminated { .. })));
        drop(open);
        assert_eq!(terminating.await, Termination::InTime);
    }));
}

#[test]
fn dropping_undelivered_messages_blocks_nobody() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let push = context.socket::<Push>().unwrap().send_hwm(Hwm::Unlimited).linger(Duration::from_secs(1));
        let mut push = push.connect("tcp://127.0.0.1:1").unwrap();
        for _ in 0..10_000 {
            push.send("undelivered").await.unwrap();
        }
        drop(push);
        let mut terminating = context.terminate();
        // Had one of the two waited for the linger, there would be nothing left to wait for.
        assert!(poll_fn(|cx| Poll::Ready(Pin::new(&mut terminating).poll(cx).is_pending())).await);
        assert_eq!(terminating.await, Termination::LingerExpired);
    }));
}

#[test]
fn a_linger_that_ran_out_is_never_called_in_time() {
    current_thread().block_on(within(async {
        // libzmq's clock may run a little ahead of the one that tells them apart.
        for millis in 1..40 {
            let context = Context::new().unwrap();
            let push = context.socket::<Push>().unwrap().linger(Duration::from_millis(millis));
            let mut push = push.connect("tcp://127.0.0.1:1").unwrap();
            push.send("undelivered").await.unwrap();
            let terminating = context.terminate();
            drop(push);
            assert_eq!(terminating.await, Termination::LingerExpired, "{millis} ms");
        }
    }));
}

#[test]
fn contexts_leave_no_descriptors_behind() {
    if played() {
        return;
    }
    // A process of its own: the other tests of this one open and close what they like.
    let test = "contexts_leave_no_descriptors_behind";
    assert!(respawn(test, "descriptors", "").wait().unwrap().success());
}

fn descriptors() {
    let open = || fs::read_dir("/proc/self/fd").unwrap().map(|fd| fd.unwrap().file_name()).collect::<BTreeSet<_>>();
    let round = || {
        current_thread().block_on(async {
            let context = Context::new().unwrap();
            let (mut one, mut other) = ends::<Pair, Pair>(&context, &endpoint("tcp"), true);
            one.send("hello").await.unwrap();
            assert_eq!(other.recv().await.unwrap(), "hello");
            drop((one, other));
            assert_eq!(context.terminate().await, Termination::InTime);
        });
    };
    round();
    let before = open().len();
    for _ in 0..300 {
        round();
    }
    // One left behind by each would be hundreds; the last ones may still be on their way out.
    assert!(open().len() < before + 30, "{} descriptors, {before} before", open().len());
}

// ---------------------------------------------------------------------------------------------------------------------
// The end of a process

const MESSAGES: u32 = 10_000;
static CONTEXT: LazyLock<Context> = LazyLock::new(|| Context::new().unwrap());

/// Runs one test of this program again, as a process that plays `role` instead.
fn respawn(test: &str, role: &str, address: &str) -> Child {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture"]).env("ZMQ_TYPESTATE_ROLE", role).env("ZMQ_TYPESTATE_ADDRESS", address);
    child.stdout(std::process::Stdio::null()).spawn().unwrap()
}

/// Whether this is such a process; its role has then been played.
fn played() -> bool {
    let Ok(role) = env::var("ZMQ_TYPESTATE_ROLE") else { return false };
    let address = env::var("ZMQ_TYPESTATE_ADDRESS").unwrap();
    let push = |context: &Context| {
        let push = context.socket::<Push>().unwrap().send_hwm(Hwm::Unlimited);
        push.connect(address.as_str()).unwrap()
    };
    let send = |mut push: Socket<Push, Connected>| {
        (0..MESSAGES).for_each(|number| push.blocking_send(number.to_le_bytes()).unwrap());
    };
    match role.as_str() {
        "descriptors" => descriptors(),
        "returns" => send(push(&Context::new().unwrap())),
        "exits" => {
            send(push(&Context::new().unwrap()));
            std::process::exit(0);
        }
        "static" => send(push(&CONTEXT)),
        "global" => {
            send(Socket::<Push>::new().unwrap().send_hwm(Hwm::Unlimited).connect(address.as_str()).unwrap());
        }
        "runtime" => multi_thread().block_on(async {
            let mut push = push(&Context::new().unwrap());
            let sending = tokio::spawn(async move {
                for number in 0..MESSAGES {
                    push.send(number.to_le_bytes()).await.unwrap();
                }
                // Still held when the runtime goes.
                std::future::pending::<()>().await;
                drop(push);
            });
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert!(!sending.is_finished());
        }),
        "alone" => {
            let push = Context::new().unwrap().socket::<Push>().unwrap().linger(Duration::from_millis(200));
            push.connect("tcp://127.0.0.1:1").unwrap().blocking_send("nobody").unwrap();
        }
        other => panic!("no role {other}"),
    }
    true
}

#[test]
fn a_process_that_ends_delivers_what_was_accepted() {
    if played() {
        return;
    }
    let test = "a_process_that_ends_delivers_what_was_accepted";
    for role in ["returns", "exits", "static", "global", "runtime"] {
        let context = Context::new().unwrap();
        let pull = context.socket::<Pull>().unwrap().recv_hwm(Hwm::messages(10));
        let mut pull = pull.bind("tcp://127.0.0.1:*").unwrap();
        let mut child = respawn(test, role, &pull.address().to_string());
        for number in 0..MESSAGES {
            if number % 1000 == 0 {
                // Slow, and slower than the child is done.
                thread::sleep(Duration::from_millis(100));
            }
            assert_eq!(pull.blocking_recv().unwrap(), number.to_le_bytes(), "{role}");
        }
        assert!(child.wait().unwrap().success(), "{role}");
    }
}

#[test]
fn a_process_whose_peer_never_appears_ends_all_the_same() {
    if played() {
        return;
    }
    let test = "a_process_whose_peer_never_appears_ends_all_the_same";
    assert!(respawn(test, "alone", "").wait().unwrap().success());
}
