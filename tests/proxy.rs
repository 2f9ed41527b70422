//! Brokers, forwarders and streamers: nothing lost, nobody held up, and nothing spent on waiting.

mod common;

use std::collections::HashSet;
use std::time::Duration;

use common::{
    DEADLINE, SLOWNESS, TRANSPORTS, alone, cpu_time, current_thread, endpoint, millis, multi_thread, within,
    within_time,
};
use zmq_typestate::*;

/// A broker, and where its clients and workers connect.
async fn broker(
    context: &Context,
    transport: &str,
) -> (ProxyHandle<Router, Bound, Dealer, Bound>, Address<Router>, Address<Dealer>) {
    let clients = context.socket::<Router>().unwrap().bind(endpoint(transport)).unwrap();
    let workers = context.socket::<Dealer>().unwrap().bind(endpoint(transport)).unwrap();
    let (for_clients, for_workers) = (clients.address(), workers.address());
    (Proxy::new(clients, workers).spawn().unwrap(), for_clients, for_workers)
}

fn work(context: &Context, at: &Address<Dealer>) -> tokio::task::JoinHandle<()> {
    let mut worker = context.socket::<Rep>().unwrap().connect(at).unwrap();
    tokio::spawn(async move {
        // Until the context ends.
        while let Ok(request) = worker.next_request().await {
            let question = request[0].to_vec();
            request.reply(question).unwrap();
        }
    })
}

/// A hundred clients, ten workers, a hundred thousand questions: each is answered to whom has asked it.
#[test]
fn every_reply_comes_to_its_asker() {
    const CLIENTS: u32 = 100;
    const QUESTIONS: u32 = 1000 / SLOWNESS;
    for (runtime, transport) in [(multi_thread(), "tcp"), (current_thread(), "inproc")] {
        runtime.block_on(async {
            let context = Context::new().unwrap();
            let (broker, for_clients, for_workers) = broker(&context, transport).await;
            for _ in 0..10 {
                work(&context, &for_workers);
            }
            let asking = (0..CLIENTS).map(|client| {
                let mut req = context.socket::<Req>().unwrap().connect(&for_clients).unwrap();
                tokio::spawn(async move {
                    for question in 0..QUESTIONS {
                        let question = [client.to_be_bytes(), question.to_be_bytes()].concat();
                        assert_eq!(req.request(question.as_slice()).await.unwrap(), question);
                    }
                })
            });
            for client in asking.collect::<Vec<_>>() {
                within_time(4 * DEADLINE, client).await.unwrap();
            }
            let ended = broker.stop().await.unwrap();
            let all = u64::from(CLIENTS * QUESTIONS);
            assert_eq!((ended.stats.to_backend.messages, ended.stats.to_frontend.messages), (all, all));
            assert_eq!((ended.stats.to_backend.dropped, ended.stats.to_frontend.dropped), (0, 0));
            context.shutdown();
        });
    }
}

/// One client that never reads its replies, and one that goes without them, hold up nobody.
#[test]
fn a_client_that_stands_still_or_has_gone_holds_up_nobody() {
    for transport in ["tcp", "inproc"] {
        multi_thread().block_on(within(async {
            let context = Context::new().unwrap();
            let few = Hwm::messages(2);
            let clients = context.socket::<Router>().unwrap().send_hwm(few).bind(endpoint(transport)).unwrap();
            let workers = context.socket::<Dealer>().unwrap().bind(endpoint(transport)).unwrap();
            let (for_clients, for_workers) = (clients.address(), workers.address());
            let broker = Proxy::new(clients, workers).spawn().unwrap();
            work(&context, &for_workers);
            // Long ones, so that they do not fit into the system's buffers either.
            let question = vec![0; 100_000];
            let mut still = context.socket::<Dealer>().unwrap().recv_hwm(few).connect(&for_clients).unwrap();
            let mut asked = 0;
            while broker.stats().to_frontend.dropped == 0 {
                if still.try_send_multipart([Message::new(), question.as_slice().into()]).is_ok() {
                    asked += 1;
                }
                tokio::time::sleep(Duration::from_micros(100)).await;
            }
            assert!(asked > 2);
            let mut gone = context.socket::<Dealer>().unwrap().connect(&for_clients).unwrap();
            for _ in 0..100 {
                gone.send_multipart(["", "and gone"]).await.unwrap();
            }
            drop(gone);
            let mut req = context.socket::<Req>().unwrap().connect(&for_clients).unwrap();
            for question in 0..200u32 {
                assert_eq!(req.request(question.to_be_bytes()).await.unwrap(), question.to_be_bytes());
            }
            let _ = broker.stop().await.unwrap();
            context.shutdown();
        }));
    }
}

/// A process of its own that asks, and asks, and reads the answers.
fn client_process(at: &Address<Router>) -> std::process::Child {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "a_client_in_a_process_of_its_own"]).env(CLIENT, at.to_string());
    child.stdout(std::process::Stdio::null()).spawn().unwrap()
}

const CLIENT: &str = "ZMQ_TYPESTATE_CLIENT";

#[test]
fn a_client_in_a_process_of_its_own() {
    // Only in the process of `client_process`, which is ended from outside.
    let Ok(at) = std::env::var(CLIENT) else { return };
    let context = Context::new().unwrap();
    let mut dealer = context.socket::<Dealer>().unwrap().connect(at).unwrap();
    loop {
        dealer.blocking_send_multipart([Message::new(), vec![0; 100_000].into()]).unwrap();
        while dealer.try_recv_multipart().is_ok() {}
    }
}

/// One is stopped under load, and one killed: the others are served.
#[test]
fn clients_that_are_stopped_and_killed_hold_up_nobody() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let few = Hwm::messages(20);
        let clients = context.socket::<Router>().unwrap().send_hwm(few).bind(endpoint("tcp")).unwrap();
        let workers = context.socket::<Dealer>().unwrap().bind(endpoint("tcp")).unwrap();
        let (for_clients, for_workers) = (clients.address(), workers.address());
        let broker = Proxy::new(clients, workers).spawn().unwrap();
        for _ in 0..2 {
            work(&context, &for_workers);
        }
        let mut children = [client_process(&for_clients), client_process(&for_clients)];
        while broker.stats().to_frontend.messages < 200 {
            tokio::time::sleep(millis(1)).await;
        }
        let signal = |child: &std::process::Child, signal| {
            // SAFETY: no preconditions; the child has not been waited for, so that its number is still its own.
            assert_eq!(unsafe { libc::kill(child.id().try_into().unwrap(), signal) }, 0);
        };
        signal(&children[0], libc::SIGSTOP);
        signal(&children[1], libc::SIGKILL);
        let mut req = context.socket::<Req>().unwrap().connect(&for_clients).unwrap();
        for question in 0..500u32 {
            assert_eq!(req.request(question.to_be_bytes()).await.unwrap(), question.to_be_bytes());
        }
        // The one goes on, and is served again.
        let before = broker.stats().to_frontend.messages;
        signal(&children[0], libc::SIGCONT);
        while broker.stats().to_frontend.messages < before + 100 {
            tokio::time::sleep(millis(1)).await;
        }
        for child in &mut children {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        context.shutdown();
    }));
}

#[test]
fn subscriptions_go_upstream_and_messages_down() {
    for transport in TRANSPORTS {
        current_thread().block_on(within(async {
            let context = Context::new().unwrap();
            let mut publisher = context.socket::<XPub>().unwrap().bind(endpoint(transport)).unwrap();
            let upstream = context.socket::<XSub>().unwrap().connect(publisher.address()).unwrap();
            let downstream = context.socket::<XPub>().unwrap().bind(endpoint(transport)).unwrap();
            let at = downstream.address();
            let forwarder = Proxy::new(upstream, downstream).spawn().unwrap();

            let mut sub = context.socket::<Sub>().unwrap().subscribe("news").connect(&at).unwrap();
            assert_eq!(publisher.recv().await.unwrap(), Subscription::Subscribe("news".into()));
            publisher.send_multipart(["sports", "nobody wants it"]).await.unwrap();
            publisher.send_multipart(["news", "a bear", "in the park"]).await.unwrap();
            assert_eq!(sub.recv_multipart().await.unwrap(), ["news", "a bear", "in the park"].into());
            sub.unsubscribe("news").unwrap();
            assert_eq!(publisher.recv().await.unwrap(), Subscription::Unsubscribe("news".into()));
            let mut reader = context.socket::<XSub>().unwrap().connect(&at).unwrap();
            reader.send_upstream("well done").await.unwrap();
            assert_eq!(publisher.recv().await.unwrap(), Subscription::Upstream(["well done"].into()));
            let ended = forwarder.stop().await.unwrap();
            assert_eq!((ended.stats.to_backend.messages, ended.stats.to_backend.bytes), (1, 21));
            assert_eq!(ended.stats.to_frontend.messages, 3);
        }));
    }
}

/// What is paused, stopped, taken apart and begun again, and drained at the end, loses nothing and changes no order.
#[test]
fn pause_stop_and_drain_lose_nothing() {
    const MESSAGES: u32 = 20_000 / SLOWNESS;
    for transport in ["tcp", "inproc"] {
        multi_thread().block_on(within(async {
            let context = Context::new().unwrap();
            let few = Hwm::messages(5);
            let incoming = context.socket::<Pull>().unwrap().recv_hwm(few).bind(endpoint(transport)).unwrap();
            let outgoing = context.socket::<Push>().unwrap().send_hwm(few).bind(endpoint(transport)).unwrap();
            let mut feed = context.socket::<Push>().unwrap().send_hwm(few).connect(incoming.address()).unwrap();
            let mut sink = context.socket::<Pull>().unwrap().recv_hwm(few).connect(outgoing.address()).unwrap();
            let sending = tokio::spawn(async move {
                for number in 0..MESSAGES {
                    feed.send_multipart([&number.to_be_bytes()[..], b"body"]).await.unwrap();
                }
                feed
            });
            let receiving = tokio::spawn(async move {
                for number in 0..MESSAGES {
                    let message = sink.recv_multipart().await.unwrap();
                    assert_eq!(message, [&number.to_be_bytes()[..], b"body"].into());
                }
            });
            let mut sockets = (incoming, outgoing);
            let mut forwarded = 0;
            let mut random = common::Random::new(5);
            while !sending.is_finished() {
                let streamer = Proxy::new(sockets.0, sockets.1).spawn().unwrap();
                tokio::time::sleep(Duration::from_micros(random.below(2000))).await;
                streamer.pause();
                let before = streamer.stats();
                tokio::time::sleep(Duration::from_micros(random.below(300))).await;
                // One turn may still be on its way.
                assert!(streamer.stats().to_backend.messages <= before.to_backend.messages + 400);
                streamer.resume();
                tokio::time::sleep(Duration::from_micros(random.below(2000))).await;
                let ended = streamer.stop().await.unwrap();
                forwarded += ended.stats.to_backend.messages;
                sockets = (ended.frontend, ended.backend);
            }
            let _feed = sending.await.unwrap();
            let streamer = Proxy::new(sockets.0, sockets.1).spawn().unwrap();
            receiving.await.unwrap();
            let ended = streamer.drain().await.unwrap();
            assert_eq!(forwarded + ended.stats.to_backend.messages, u64::from(MESSAGES));
        }));
    }
}

/// A message that was taken and not given on comes back with its socket.
#[test]
fn what_is_held_is_given_back() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let incoming = context.socket::<Pull>().unwrap().bind(endpoint("inproc")).unwrap();
        let outgoing = context.socket::<Push>().unwrap().bind(endpoint("inproc")).unwrap();
        let mut feed = context.socket::<Push>().unwrap().connect(incoming.address()).unwrap();
        feed.send("one").await.unwrap();
        feed.send_multipart(["two", "frames"]).await.unwrap();
        let streamer = Proxy::new(incoming, outgoing).spawn().unwrap();
        // Nobody takes them: it waits, with the first one in its hands.
        tokio::time::sleep(millis(20)).await;
        let ended = streamer.stop().await.unwrap();
        assert_eq!(ended.stats.to_backend.messages, 0);
        let mut incoming = ended.frontend;
        assert_eq!(incoming.recv().await.unwrap(), "one");
        assert_eq!(incoming.recv_multipart().await.unwrap(), ["two", "frames"].into());
        assert!(incoming.try_recv().unwrap_err().is_would_block());
    }));
}

/// A backend without peers, a queue that is full, a pause: nothing is spent.
#[test]
fn waiting_uses_no_processor() {
    if !alone("waiting_uses_no_processor") {
        return;
    }
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let incoming = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
        let outgoing = context.socket::<Push>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut feed = context.socket::<Push>().unwrap().connect(incoming.address()).unwrap();
        let _streamer = Proxy::new(incoming, outgoing).spawn().unwrap();
        let clients = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
        let workers = context.socket::<Dealer>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut client = context.socket::<Dealer>().unwrap().connect(clients.address()).unwrap();
        let _broker = Proxy::new(clients, workers).spawn().unwrap();
        let (up, down) = (context.socket::<XSub>().unwrap(), context.socket::<XPub>().unwrap());
        let down = down.no_drop(true).send_hwm(Hwm::messages(1)).bind(endpoint("inproc")).unwrap();
        let _sub =
            context.socket::<Sub>().unwrap().recv_hwm(Hwm::messages(1)).subscribe("").connect(down.address()).unwrap();
        let up = up.bind(endpoint("inproc")).unwrap();
        let mut publisher = context.socket::<XPub>().unwrap().connect(up.address()).unwrap();
        let _forwarder = Proxy::new(up, down).spawn().unwrap();
        publisher.wait_for_subscribers(1).await.unwrap();
        // Until nothing goes any more: as much as all queues take.
        for _ in 0..20_000 {
            let _ = feed.try_send(vec![0; 1000]);
            let _ = client.try_send("request");
            publisher.send("news").await.unwrap();
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(millis(300)).await;
        let before = cpu_time();
        tokio::time::sleep(millis(1000)).await;
        let used = cpu_time() - before;
        assert!(used < SLOWNESS * millis(200), "{used:?} of a second");
    }));
}

#[test]
fn a_capture_gets_a_copy_and_holds_up_nobody() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let (broker_in, broker_out) = (endpoint("tcp"), endpoint("tcp"));
        for with_reader in [true, false] {
            let clients = context.socket::<Router>().unwrap().bind(&broker_in).unwrap();
            let workers = context.socket::<Dealer>().unwrap().bind(&broker_out).unwrap();
            let (for_clients, for_workers) = (clients.address(), workers.address());
            let capture = context.socket::<Push>().unwrap().bind(endpoint("inproc")).unwrap();
            let reader = context.socket::<Pull>().unwrap();
            let reader = with_reader.then(|| reader.connect(capture.address()).unwrap());
            let broker = Proxy::new(clients, workers).capture(capture).spawn().unwrap();
            let working = work(&context, &for_workers);
            let mut req = context.socket::<Req>().unwrap().connect(&for_clients).unwrap();
            let long = "long ".repeat(1000);
            for question in ["short", &long] {
                assert_eq!(req.request(question).await.unwrap(), question);
            }
            let missed = broker.stats().missed_by_capture;
            match reader {
                Some(mut reader) => {
                    // The question and the answer, with the envelope of each.
                    for text in ["short", "short", &long, &long] {
                        let message = reader.recv_multipart().await.unwrap();
                        assert_eq!((message.len(), &message[2]), (3, &text.into()));
                    }
                    assert_eq!(missed, 0);
                }
                None => assert_eq!(missed, 4),
            }
            let _ = broker.stop().await.unwrap();
            working.abort();
        }
    }));
}

/// Also while it is paused.
#[test]
fn a_paused_proxy_ends_with_its_context() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let one = context.socket::<Pair>().unwrap().bind(endpoint("inproc")).unwrap();
        let other = context.socket::<Pair>().unwrap().bind(endpoint("inproc")).unwrap();
        let proxy = Proxy::new(one, other).spawn().unwrap();
        proxy.pause();
        tokio::time::sleep(millis(10)).await;
        context.shutdown();
        assert!(matches!(proxy.join().await, Err(Error::ContextTerminated { .. })));
        assert_eq!(context.terminate().await, Termination::InTime);
    }));
}

/// One that conflates would keep a part of a message.
#[test]
fn several_frames_do_not_go_through_a_socket_that_conflates() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let incoming = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
        let outgoing = context.socket::<Push>().unwrap().conflate(true).bind(endpoint("tcp")).unwrap();
        let mut feed = context.socket::<Push>().unwrap().connect(incoming.address()).unwrap();
        let mut sink = context.socket::<Pull>().unwrap().connect(outgoing.address()).unwrap();
        let capture = context.socket::<Pub>().unwrap().conflate(true).bind(endpoint("tcp")).unwrap();
        let streamer = Proxy::new(incoming, outgoing).capture(capture).spawn().unwrap();
        feed.send_multipart(["two", "frames"]).await.unwrap();
        feed.send("one").await.unwrap();
        assert_eq!(sink.recv().await.unwrap(), "one");
        let stats = streamer.stats();
        assert_eq!((stats.to_backend.dropped, stats.missed_by_capture), (1, 1));
    }));
}

#[test]
fn a_proxy_ends_with_its_context_and_gives_its_sockets_back() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let one = context.socket::<Pair>().unwrap().bind(endpoint("inproc")).unwrap();
        let other = context.socket::<Pair>().unwrap().bind(endpoint("inproc")).unwrap();
        let proxy = Proxy::new(one, other);
        let control = proxy.control();
        let running = tokio::spawn(proxy.run());
        tokio::task::yield_now().await;
        assert_eq!(control.stats(), ProxyStats::default());
        context.shutdown();
        let (sockets, error) = running.await.unwrap().unwrap_err().into_parts();
        assert!(matches!(error, Error::ContextTerminated { socket: "PAIR", .. }), "{error:?}");
        drop(sockets);
        assert_eq!(context.terminate().await, Termination::InTime);
    }));
    let context = Context::new().unwrap();
    let one = context.socket::<Pair>().unwrap().bind(endpoint("inproc")).unwrap();
    let other = context.socket::<Pair>().unwrap().bind(endpoint("inproc")).unwrap();
    let (_sockets, error) = Proxy::new(one, other).spawn().unwrap_err().into_parts();
    assert!(matches!(error, Error::NoRuntime { .. }), "{error:?}");
}

/// In both orders, and through several of them in a row.
#[test]
fn every_pair_forwards_both_ways() {
    for transport in TRANSPORTS {
        current_thread().block_on(within(async {
            let context = Context::new().unwrap();
            let pair = || context.socket::<Pair>().unwrap();
            let mut here = pair().bind(endpoint(transport)).unwrap();
            let left = pair().connect(here.address()).unwrap();
            let right = pair().bind(endpoint(transport)).unwrap();
            let mut there = pair().connect(right.address()).unwrap();
            let _bridge = Proxy::new(left, right).spawn().unwrap();
            for number in 0..1000u32 {
                here.send(number.to_be_bytes()).await.unwrap();
                assert_eq!(there.recv().await.unwrap(), number.to_be_bytes());
                there.send_multipart([&number.to_be_bytes()[..], b"back"]).await.unwrap();
                assert_eq!(here.recv_multipart().await.unwrap().len(), 2);
            }

            let dealer = || context.socket::<Dealer>().unwrap();
            let mut here = dealer().bind(endpoint(transport)).unwrap();
            let left = dealer().connect(here.address()).unwrap();
            let right = dealer().bind(endpoint(transport)).unwrap();
            let mut there = dealer().connect(right.address()).unwrap();
            let _exchange = Proxy::new(left, right).spawn().unwrap();
            here.send("there").await.unwrap();
            assert_eq!(there.recv().await.unwrap(), "there");
            there.send("and back").await.unwrap();
            assert_eq!(here.recv().await.unwrap(), "and back");

            // The same as PULL and PUSH, the other way about.
            let outgoing = context.socket::<Push>().unwrap().bind(endpoint(transport)).unwrap();
            let incoming = context.socket::<Pull>().unwrap().bind(endpoint(transport)).unwrap();
            let mut feed = context.socket::<Push>().unwrap().connect(incoming.address()).unwrap();
            let mut sink = context.socket::<Pull>().unwrap().connect(outgoing.address()).unwrap();
            let streamer = Proxy::new(outgoing, incoming).spawn().unwrap();
            feed.send("job").await.unwrap();
            assert_eq!(sink.recv().await.unwrap(), "job");
            assert_eq!(streamer.stats().to_frontend.messages, 1);
        }));
    }
}

#[test]
fn one_way_bridges_carry_what_they_have_subscribed_to() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut publisher = context.socket::<XPub>().unwrap().bind(endpoint("tcp")).unwrap();
        let source = context.socket::<Sub>().unwrap().subscribe("news").connect(publisher.address()).unwrap();
        let sink = context.socket::<Pub>().unwrap().bind(endpoint("tcp")).unwrap();
        let at = sink.address();
        let _bridge = Proxy::one_way(source, sink).spawn().unwrap();
        publisher.wait_for_subscribers(1).await.unwrap();
        let mut sub = context.socket::<Sub>().unwrap().subscribe("").connect(at).unwrap();
        let mut heard = HashSet::new();
        while !heard.contains(&b"news: 9"[..]) {
            // Until the subscription has arrived.
            for number in 0..10 {
                publisher.send(format!("sports: {number}")).await.unwrap();
                publisher.send(format!("news: {number}")).await.unwrap();
            }
            while let Ok(message) = sub.try_recv() {
                heard.insert(message.to_vec());
            }
            tokio::task::yield_now().await;
        }
        assert!(heard.iter().all(|message| message.starts_with(b"news")));
    }));
}

#[cfg(feature = "draft")]
#[test]
fn draft_types_are_proxied_too() {
    for transport in TRANSPORTS {
        multi_thread().block_on(within(async {
            const MESSAGES: u32 = 5000;
            let context = Context::new().unwrap();
            let few = Hwm::messages(5);
            let incoming = context.socket::<Gather>().unwrap().recv_hwm(few).bind(endpoint(transport)).unwrap();
            let outgoing = context.socket::<Scatter>().unwrap().send_hwm(few).bind(endpoint(transport)).unwrap();
            let mut feed = context.socket::<Scatter>().unwrap().send_hwm(few).connect(incoming.address()).unwrap();
            let mut sink = context.socket::<Gather>().unwrap().recv_hwm(few).connect(outgoing.address()).unwrap();
            let streamer = Proxy::new(incoming, outgoing).spawn().unwrap();
            let sending = tokio::spawn(async move {
                for number in 0..MESSAGES {
                    feed.send(number.to_be_bytes()).await.unwrap();
                }
                feed
            });
            for number in 0..MESSAGES {
                assert_eq!(sink.recv().await.unwrap(), number.to_be_bytes());
            }
            drop(sending.await.unwrap());
            assert_eq!(streamer.drain().await.unwrap().stats.to_backend.messages, u64::from(MESSAGES));

            let channel = || context.socket::<Channel>().unwrap();
            let mut here = channel().bind(endpoint(transport)).unwrap();
            let left = channel().connect(here.address()).unwrap();
            let right = channel().bind(endpoint(transport)).unwrap();
            let mut there = channel().connect(right.address()).unwrap();
            let _bridge = Proxy::new(left, right).spawn().unwrap();
            for number in 0..1000u32 {
                here.send(number.to_be_bytes()).await.unwrap();
                assert_eq!(there.recv().await.unwrap(), number.to_be_bytes());
                there.send("back").await.unwrap();
                assert_eq!(here.recv().await.unwrap(), "back");
            }

            let mut radio = context.socket::<Radio>().unwrap().bind(endpoint(transport)).unwrap();
            let source = context.socket::<Dish>().unwrap().join(&group!("news")).connect(radio.address()).unwrap();
            let sink = context.socket::<Radio>().unwrap().bind(endpoint(transport)).unwrap();
            let mut dish = context.socket::<Dish>().unwrap().join(&group!("news")).connect(sink.address()).unwrap();
            let _bridge = Proxy::one_way(source, sink).spawn().unwrap();
            let heard = loop {
                radio.send_to(&group!("news"), "a bear").await.unwrap();
                if let Ok(heard) = dish.try_recv() {
                    break heard;
                }
                tokio::time::sleep(millis(1)).await;
            };
            assert_eq!(heard, (group!("news"), "a bear".into()));
        }));
    }
}
