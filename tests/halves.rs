//! The two halves of a socket: cloned, blocking, and of every type that has them.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use common::{Random, endpoint, multi_thread, within};
use zmq_typestate::*;

/// Eight clones of the sending half that are aborted at random, while room is scarce: what was sent is received, once and
/// whole.
#[test]
fn clones_that_give_up_strand_nobody() {
    for (transport, limit) in [("tcp", 1), ("inproc", 1), ("inproc", 100)] {
        multi_thread().block_on(within(async {
            let context = Context::new().unwrap();
            let limit = Hwm::messages(limit);
            let dealer = || context.socket::<Dealer>().unwrap().send_hwm(limit).recv_hwm(limit);
            let mut echo = dealer().bind(endpoint(transport)).unwrap();
            let (sender, mut receiver) = dealer().connect(echo.address()).unwrap().split();
            let sent = Arc::new(AtomicUsize::new(0));
            let echoing = tokio::spawn(async move {
                while let Ok(message) = echo.recv_multipart().await {
                    if echo.send_multipart(message).await.is_err() {
                        break;
                    }
                }
            });
            let mut random = Random::new(7);
            let mut senders = Vec::new();
            for _ in 0..8 {
                let (mut sender, sent) = (sender.clone(), sent.clone());
                let patience = Duration::from_micros(1 + random.below(500));
                senders.push(tokio::spawn(async move {
                    for _ in 0..500 {
                        if let Ok(done) = tokio::time::timeout(patience, sender.send_multipart(["head", "body"])).await
                        {
                            done.unwrap();
                            sent.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }));
            }
            let all = async {
                for sender in senders {
                    sender.await.unwrap();
                }
            };
            tokio::pin!(all);
            let (mut received, mut over) = (0, false);
            while !over || received < sent.load(Ordering::Relaxed) {
                tokio::select! {
                    message = receiver.recv_multipart() => {
                        assert_eq!(message.unwrap(), ["head", "body"].into());
                        received += 1;
                    }
                    () = &mut all, if !over => over = true,
                }
            }
            assert_eq!(received, sent.load(Ordering::Relaxed));
            // The last clone has gone: they are one socket again.
            let dealer = sender.reunite(receiver).unwrap();
            context.shutdown();
            drop(dealer);
            echoing.await.unwrap();
        }));
    }
}

#[test]
fn halves_with_clones_are_not_one_socket() {
    let context = Context::new().unwrap();
    let (sender, receiver) = context.socket::<Pair>().unwrap().bind(endpoint("inproc")).unwrap().split();
    let clone = sender.clone();
    let (sender, receiver) = sender.reunite(receiver).unwrap_err();
    drop(clone);
    sender.reunite(receiver).unwrap().close();
}

/// Two threads, no runtime: both directions of both sockets saturated.
#[test]
fn halves_block_threads_and_do_not_stall() {
    const MESSAGES: u32 = 50_000;
    for limit in [1, 10, 1000] {
        let context = Context::new().unwrap();
        let limit = Hwm::messages(limit);
        let dealer = || context.socket::<Dealer>().unwrap().send_hwm(limit).recv_hwm(limit);
        let echo = dealer().bind(endpoint("tcp")).unwrap();
        let (mut sender, mut receiver) = dealer().connect(echo.address()).unwrap().split();
        let (mut back, mut there) = echo.split();
        let done = Arc::new(AtomicUsize::new(0));
        let received = done.clone();
        // In threads that are not waited for, for they might hang.
        thread::spawn(move || (0..MESSAGES).for_each(|_| back.blocking_send(there.blocking_recv().unwrap()).unwrap()));
        thread::spawn(move || (0..MESSAGES).for_each(|number| sender.blocking_send(number.to_be_bytes()).unwrap()));
        thread::spawn(move || {
            for number in 0..MESSAGES {
                assert_eq!(receiver.blocking_recv().unwrap(), number.to_be_bytes());
                received.fetch_add(1, Ordering::Relaxed);
            }
        });
        common::current_thread().block_on(within(async {
            while done.load(Ordering::Relaxed) < MESSAGES as usize {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }));
    }
}

#[test]
fn a_router_answers_from_another_task_than_the_one_that_asks() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let router = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
        let at = router.address();
        let (mut sender, mut receiver) = router.split();
        let (answers, mut answered) = tokio::sync::mpsc::channel(10);
        tokio::spawn(async move {
            while let Ok(request) = receiver.recv_request().await {
                answers.send(request).await.unwrap();
            }
        });
        tokio::spawn(async move {
            while let Some((envelope, question)) = answered.recv().await {
                sender.reply_multipart(envelope, question).await.unwrap();
            }
        });
        let asking = (0..20u32).map(|client| {
            let mut req = context.socket::<Req>().unwrap().connect(&at).unwrap();
            tokio::spawn(async move {
                for question in 0..50u32 {
                    let question = [client.to_be_bytes(), question.to_be_bytes()].concat();
                    assert_eq!(req.request(question.as_slice()).await.unwrap(), question);
                }
            })
        });
        for client in asking.collect::<Vec<_>>() {
            client.await.unwrap();
        }
        context.shutdown();
    }));
}

#[test]
fn the_halves_of_an_xsub_and_a_stream_have_what_their_sockets_have() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut publisher = context.socket::<XPub>().unwrap().bind(endpoint("tcp")).unwrap();
        let (mut upstream, mut news) = context.socket::<XSub>().unwrap().connect(publisher.address()).unwrap().split();
        upstream.also_subscribe("news").unwrap();
        assert_eq!(publisher.recv().await.unwrap(), Subscription::Subscribe("news".into()));
        publisher.send("news: a bear").await.unwrap();
        assert_eq!(news.recv().await.unwrap(), "news: a bear");
        upstream.send_upstream("well done").await.unwrap();
        assert_eq!(publisher.recv().await.unwrap(), Subscription::Upstream(["well done"].into()));
        upstream.unsubscribe("news").unwrap();
        assert_eq!(publisher.recv().await.unwrap(), Subscription::Unsubscribe("news".into()));

        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let stream = context.socket::<Stream>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut client = tokio::net::TcpStream::connect(("127.0.0.1", stream.address().port().unwrap())).await.unwrap();
        let (mut sender, mut receiver) = stream.split();
        let StreamEvent::Connected(peer) = receiver.recv().await.unwrap() else { panic!("not connected") };
        client.write_all(b"hello").await.unwrap();
        assert_eq!(receiver.recv().await.unwrap(), StreamEvent::Data(peer.clone(), "hello".into()));
        sender.send_to(&peer, "and good bye").await.unwrap();
        sender.close_peer(&peer).await.unwrap();
        let mut read = String::new();
        client.read_to_string(&mut read).await.unwrap();
        assert_eq!(read, "and good bye");
    }));
}
