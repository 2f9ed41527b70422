//! Many messages in one call: in order, none twice, none lost, and never at the cost of others.

mod common;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context as TaskContext, Poll, Waker};
use std::{future::Future, pin::pin};

use common::{TRANSPORTS, current_thread, endpoint, multi_thread, within};
use zmq_typestate::*;

const MESSAGES: u32 = 20_000;

fn numbers(range: std::ops::Range<u32>) -> VecDeque<Message> {
    range.map(|number| number.to_be_bytes().into()).collect()
}

#[test]
fn all_arrive_in_order() {
    for transport in TRANSPORTS {
        for runtime in [current_thread(), multi_thread()] {
            runtime.block_on(within(async {
                let context = Context::new().unwrap();
                // So that both have to wait, again and again.
                let pull = context.socket::<Pull>().unwrap().recv_hwm(Hwm::messages(50));
                let mut pull = pull.bind(endpoint(transport)).unwrap();
                let push = context.socket::<Push>().unwrap().send_hwm(Hwm::messages(50));
                let mut push = push.connect(pull.address()).unwrap();
                let sending = tokio::spawn(async move {
                    push.send_many(&mut numbers(0..MESSAGES)).await.unwrap();
                    let mut pairs = numbers(0..MESSAGES).into_iter().map(|number| number.to_vec());
                    let mut pairs = (0..MESSAGES / 2)
                        .map(|_| Multipart::from([pairs.next().unwrap(), pairs.next().unwrap()]))
                        .collect();
                    push.send_many_multipart(&mut pairs).await.unwrap();
                    assert!(pairs.is_empty());
                    // Over ipc, libzmq drops what a socket that is closed has sent to a receiver that is full.
                    push
                });
                let (mut received, mut most) = (Vec::new(), 0);
                while received.len() < MESSAGES as usize {
                    let left = MESSAGES as usize - received.len();
                    let before = received.len();
                    let more = pull.recv_many(&mut received, left.min(64)).await.unwrap();
                    assert!((1..=64).contains(&more) && received.len() == before + more);
                    most = most.max(more);
                }
                assert!(most > 1, "one at a time");
                assert!(received.iter().zip(0..).all(|(message, number)| *message == u32::to_be_bytes(number)));
                let mut pairs = Vec::new();
                while pairs.len() < MESSAGES as usize / 2 {
                    pull.recv_many_multipart(&mut pairs, 1000).await.unwrap();
                }
                for (pair, number) in pairs.iter().zip((0..).step_by(2)) {
                    assert_eq!(*pair, Multipart::from([u32::to_be_bytes(number), u32::to_be_bytes(number + 1)]));
                }
                assert_eq!(pull.recv_many(&mut received, 0).await.unwrap(), 0);
                drop(sending.await.unwrap());
            }));
        }
    }
}

#[test]
fn halves_and_shared_sockets_have_it_too() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let one = context.socket::<Dealer>().unwrap().bind(endpoint("tcp")).unwrap();
        let other = context.socket::<Dealer>().unwrap().connect(one.address()).unwrap();
        let ((mut ask, mut answers), (mut reply, mut questions)) = (one.split(), other.split());
        let asking = tokio::spawn(async move { ask.send_many(&mut numbers(0..MESSAGES)).await.map(|()| ask) });
        let answering = tokio::spawn(async move {
            let (mut received, mut sent) = (Vec::new(), 0);
            while sent < MESSAGES as usize {
                questions.recv_many(&mut received, 100).await.unwrap();
                let mut replies: VecDeque<_> = received.drain(..).collect();
                sent += replies.len();
                reply.send_many(&mut replies).await.unwrap();
            }
            (reply, questions)
        });
        let mut received = Vec::new();
        while received.len() < MESSAGES as usize {
            answers.recv_many(&mut received, usize::MAX).await.unwrap();
        }
        assert!(received.iter().zip(0..).all(|(message, number)| *message == u32::to_be_bytes(number)));
        drop((asking.await.unwrap().unwrap(), answering.await.unwrap()));
    }));
    #[cfg(feature = "draft")]
    multi_thread().block_on(within(async {
        use std::sync::atomic::AtomicUsize;

        let context = Context::new().unwrap();
        let gather = context.socket::<Gather>().unwrap().bind(endpoint("inproc")).unwrap();
        let scatter = context.socket::<Scatter>().unwrap().connect(gather.address()).unwrap().share();
        let gather = gather.share();
        let received = Arc::new(AtomicUsize::new(0));
        let tasks = (0..3).map(|task| {
            let (scatter, gather, received) = (scatter.clone(), gather.clone(), received.clone());
            tokio::spawn(async move {
                scatter.send_many(&mut numbers(0..100 * (task + 1))).await.unwrap();
                let mut messages = Vec::new();
                while received.load(Ordering::Relaxed) < 600 {
                    // Another one may have received the last of them.
                    let receiving = gather.recv_many(&mut messages, 10);
                    if let Ok(more) = tokio::time::timeout(std::time::Duration::from_millis(50), receiving).await {
                        received.fetch_add(more.unwrap(), Ordering::Relaxed);
                    }
                }
                messages.len()
            })
        });
        let mut all = 0;
        for task in tasks.collect::<Vec<_>>() {
            all += task.await.unwrap();
        }
        assert_eq!(all, 600);
    }));
}

/// Polls once.
fn look<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut TaskContext::from_waker(Waker::noop()))
}

#[tokio::test]
async fn what_is_given_up_is_where_it_was() {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap().recv_hwm(Hwm::messages(2));
    let mut pull = pull.bind(endpoint("inproc")).unwrap();
    let push = context.socket::<Push>().unwrap().send_hwm(Hwm::messages(2));
    let mut push = push.connect(pull.address()).unwrap();

    let mut received = Vec::new();
    assert!(look(pull.recv_many(&mut received, 10)).is_pending());
    let mut queue = numbers(0..100);
    let deadline = std::time::Instant::now() + common::DEADLINE;
    while received.len() < 100 {
        assert!(std::time::Instant::now() < deadline);
        let before = queue.len();
        if look(push.send_many(&mut queue)).is_pending() {
            assert!(!queue.is_empty() && queue.len() <= before);
        }
        let _ = look(pull.recv_many(&mut received, 3));
        // Or the budget of this task is used up.
        tokio::task::yield_now().await;
    }
    assert!(queue.is_empty());
    assert!(received.iter().zip(0..).all(|(message, number)| *message == u32::to_be_bytes(number)));
}

#[tokio::test]
async fn a_failure_keeps_what_it_does_not_concern() {
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap().bind(endpoint("inproc")).unwrap();
    let mut push = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
    push.send("one").await.unwrap();
    push.send_multipart(["two", "three"]).await.unwrap();
    push.send("four").await.unwrap();
    let mut received = Vec::new();
    assert_eq!(within(pull.recv_many(&mut received, 10)).await.unwrap(), 1);
    match within(pull.recv_many(&mut received, 10)).await.unwrap_err() {
        Error::UnexpectedMultipart { message, .. } => assert_eq!(*message, Multipart::from(["two", "three"])),
        other => panic!("{other:?}"),
    }
    assert_eq!(within(pull.recv_many(&mut received, 10)).await.unwrap(), 1);
    assert_eq!(received, ["one", "four"]);

    let mut queue = VecDeque::from(["a", "b"].map(|frame| Multipart::from([frame])));
    queue.push_back(Multipart::new());
    queue.push_back(["c"].into());
    let error = push.send_many_multipart(&mut queue).await.unwrap_err();
    assert!(matches!(error, Error::EmptyMultipart { socket: "PUSH" }), "{error:?}");
    assert_eq!(queue, [Multipart::from(["c"])]);
    context.shutdown();
    let (mut queue, error) = loop {
        // A send may be accepted before libzmq has looked.
        let mut queue = VecDeque::from(["d", "e"].map(Message::from));
        if let Err(error) = push.send_many(&mut queue).await {
            break (queue, error);
        }
    };
    assert!(matches!(error, Error::ContextTerminated { .. }), "{error:?}");
    let failed = error.into_message().unwrap().into_iter().next().unwrap();
    queue.push_front(failed);
    assert!(queue == ["d", "e"].map(Message::from) || queue == ["e"].map(Message::from), "{queue:?}");
}

#[test]
fn others_have_their_turn() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let pull = context.socket::<Pull>().unwrap().recv_hwm(Hwm::Unlimited);
        let mut pull = pull.bind(endpoint("inproc")).unwrap();
        let push = context.socket::<Push>().unwrap().send_hwm(Hwm::Unlimited);
        let mut push = push.connect(pull.address()).unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let neighbour = tokio::spawn({
            let done = done.clone();
            async move {
                let mut turns = 0;
                while !done.load(Ordering::Relaxed) {
                    turns += 1;
                    tokio::task::yield_now().await;
                }
                turns
            }
        });
        // There is always room.
        push.send_many(&mut numbers(0..100_000)).await.unwrap();
        done.store(true, Ordering::Relaxed);
        // A budget of tokio's is 128, of 64 messages each.
        let turns = neighbour.await.unwrap();
        assert!(turns >= 100_000 / (128 * 64), "{turns}");
        let mut received = Vec::new();
        while received.len() < 100_000 {
            pull.recv_many(&mut received, 1000).await.unwrap();
        }
    }));
}
