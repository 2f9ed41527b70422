//! What options of queues, names and topics do.

mod common;

use std::net::TcpListener;
use std::time::Instant;

use common::{SLOWNESS, current_thread, endpoint, millis, within};
use tokio::time::timeout;
use zmq_typestate::*;

#[test]
fn high_water_marks_count_messages() {
    let context = Context::new().unwrap();
    for (limit, send_limit, recv_limit) in [(2, 1, 1), (11, 5, 6)] {
        let pull = context.socket::<Pull>().unwrap().recv_hwm(Hwm::messages(recv_limit));
        let pull = pull.bind(endpoint("inproc")).unwrap();
        let mut push =
            context.socket::<Push>().unwrap().send_hwm(Hwm::messages(send_limit)).connect(pull.address()).unwrap();
        // Over inproc there is one queue, as long as both together.
        let sent = (0..1000).take_while(|_| push.try_send("x").is_ok()).count();
        assert_eq!(sent, limit);
    }
    let mut push = context.socket::<Push>().unwrap().send_hwm(Hwm::Unlimited).connect(endpoint("inproc")).unwrap();
    (0..10_000).for_each(|_| push.try_send("x").unwrap());
}

#[test]
fn conflate_keeps_the_last_message() {
    let context = Context::new().unwrap();
    for transport in ["tcp", "ipc", "ws"] {
        let mut pull = context.socket::<Pull>().unwrap().conflate(true).bind(endpoint(transport)).unwrap();
        let push = context.socket::<Push>().unwrap().conflate(true).linger(Linger::Drop);
        let mut push = push.connect(pull.address()).unwrap();
        for value in 0..10_000u32 {
            push.blocking_send(value.to_be_bytes()).unwrap();
        }
        let (last, mut received) = (9999u32.to_be_bytes(), 0);
        loop {
            match pull.try_recv() {
                Ok(message) if message == last => break,
                Ok(_) => received += 1,
                // libzmq may keep the last one back, until the next.
                Err(_) => {
                    push.blocking_send(last).unwrap();
                    std::thread::sleep(millis(1));
                }
            }
        }
        assert!(received < 1000, "{received}");
        let refused = push.try_send_multipart(["head", "body"]).unwrap_err();
        assert!(matches!(refused, Error::ConflatedMultipart { socket: "PUSH", frames: 2, .. }), "{refused:?}");
        assert_eq!(refused.into_message().unwrap(), ["head", "body"].into());
        while pull.try_recv().ok().is_none_or(|message| message != "body") {
            push.try_send_multipart(["body"]).unwrap();
            std::thread::sleep(millis(1));
        }
    }
    // It is on or off, not set or unset.
    let mut push = context.socket::<Push>().unwrap().conflate(false).bind(endpoint("inproc")).unwrap();
    let mut pull = context.socket::<Pull>().unwrap().connect(push.address()).unwrap();
    push.blocking_send_multipart(["head", "body"]).unwrap();
    assert_eq!(pull.blocking_recv_multipart().unwrap(), ["head", "body"].into());
}

/// libzmq would abort at the receive after the first frame.
#[test]
fn a_peer_that_sends_several_frames_spoils_a_conflating_socket() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap().conflate(true).bind(endpoint("tcp")).unwrap();
        let mut push = context.socket::<Push>().unwrap().linger(Linger::Drop).connect(pull.address()).unwrap();
        let mut spoilt = false;
        for _ in 0..200 {
            push.send_multipart([b"head".to_vec(), vec![0; 3_000_000]]).await.unwrap();
            match pull.recv().await {
                // Only the end of it was left.
                Ok(message) => assert_eq!(message.len(), 3_000_000),
                Err(error) => {
                    assert!(matches!(error, Error::ConflatedPeer { socket: "PULL" }), "{error:?}");
                    spoilt = true;
                    break;
                }
            }
        }
        assert!(spoilt);
        assert!(matches!(pull.recv().await, Err(Error::ConflatedPeer { .. })));
        assert!(matches!(pull.try_recv_multipart(), Err(Error::ConflatedPeer { .. })));
        pull.close();
    }));
}

#[test]
fn a_conflating_sub_has_one_topic() {
    let context = Context::new().unwrap();
    let sub = || context.socket::<Sub>().unwrap().conflate(true).subscribe("a");
    let mut one = sub().bind(endpoint("tcp")).unwrap();
    assert!(matches!(one.also_subscribe("b"), Err(Error::Value { option: "ZMQ_SUBSCRIBE", .. })));
    let two = sub().subscribe("b").bind(endpoint("tcp"));
    assert!(matches!(two, Err(Error::Value { option: "ZMQ_SUBSCRIBE", .. })), "{two:?}");
}

/// What libzmq does not survive over inproc: each of these aborts it.
#[test]
fn what_does_not_go_together_with_inproc_is_refused() {
    let context = Context::new().unwrap();
    let refused = |refused: Result<()>, what: &str| match refused.unwrap_err() {
        Error::NotWithOption { option, .. } => assert_eq!(option, what),
        error => panic!("{error:?}"),
    };
    let at = endpoint("inproc");
    drop(context.socket::<Sub>().unwrap().subscribe("").connect(&at).unwrap());
    let welcomes = || context.socket::<XPub>().unwrap().welcome_message("welcome");
    refused(welcomes().bind(&at).map(drop), "ZMQ_XPUB_WELCOME_MSG");
    refused(welcomes().connect(endpoint("inproc")).map(drop), "ZMQ_XPUB_WELCOME_MSG");
    let mut xpub = welcomes().bind(endpoint("inproc")).unwrap();
    let mut sub = context.socket::<Sub>().unwrap().subscribe("welcome").connect(xpub.address()).unwrap();
    xpub.blocking_recv().unwrap();
    assert_eq!(sub.blocking_recv().unwrap(), "welcome");
    let conflates = || context.socket::<Push>().unwrap().conflate(true);
    refused(conflates().connect(endpoint("inproc")).map(drop), "ZMQ_CONFLATE");
    refused(conflates().bind(endpoint("inproc")).map(drop), "ZMQ_CONFLATE");
    #[cfg(feature = "draft")]
    {
        let at = endpoint("inproc");
        drop(context.socket::<Dealer>().unwrap().connect(&at).unwrap());
        let greets = || context.socket::<Router>().unwrap().hello_message("hello");
        refused(greets().bind(&at).map(drop), "ZMQ_HELLO_MSG");
        refused(greets().connect(endpoint("inproc")).map(drop), "ZMQ_HELLO_MSG");
        let mut router = greets().bind(endpoint("inproc")).unwrap();
        let mut dealer = context.socket::<Dealer>().unwrap().connect(router.address()).unwrap();
        let _ = router.try_recv();
        assert_eq!(dealer.blocking_recv().unwrap(), "hello");
    }
}

/// As many as libzmq would drop beyond its limit.
#[test]
fn a_sub_has_as_many_topics_as_it_wants() {
    const TOPICS: u32 = 5000;
    for transport in ["tcp", "inproc"] {
        current_thread().block_on(within(async {
            let context = Context::new().unwrap();
            let mut xpub = context.socket::<XPub>().unwrap().bind(endpoint(transport)).unwrap();
            let mut sub = context.socket::<Sub>().unwrap().subscribe_later();
            for topic in 0..TOPICS {
                sub.also_subscribe(topic.to_be_bytes().as_slice()).unwrap();
            }
            let mut sub = sub.connect(xpub.address()).unwrap();
            xpub.wait_for_subscribers(TOPICS as usize).await.unwrap();
            xpub.send((TOPICS - 1).to_be_bytes()).await.unwrap();
            assert_eq!(sub.recv().await.unwrap(), (TOPICS - 1).to_be_bytes());
        }));
    }
}

/// libzmq begins to wait anew after each signal.
#[test]
fn signals_do_not_put_off_the_end_of_a_timeout() {
    if !common::alone("signals_do_not_put_off_the_end_of_a_timeout") {
        return;
    }
    extern "C" fn nothing(_: i32) {}
    let interval = libc::timeval { tv_sec: 0, tv_usec: 10_000 };
    // SAFETY: the handler does nothing; the structures are valid to read.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as *const () as usize;
        libc::sigaction(libc::SIGALRM, &action, std::ptr::null_mut());
        let timer = libc::itimerval { it_interval: interval, it_value: interval };
        libc::setitimer(libc::ITIMER_REAL, &timer, std::ptr::null_mut());
    }
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap().recv_timeout(millis(200)).bind(endpoint("inproc")).unwrap();
    // This thread is the one that is told: it is the only one that has not blocked the signal.
    for _ in 0..3 {
        assert!(matches!(pull.blocking_recv(), Err(Error::TimedOut { .. })));
    }
    let mut push = context.socket::<Push>().unwrap().send_timeout(millis(200)).bind(endpoint("inproc")).unwrap();
    assert!(matches!(push.blocking_send("for nobody"), Err(Error::TimedOut { .. })));
}

#[test]
fn immediate_queues_nothing_for_a_peer_that_is_not_there() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let at = format!("tcp://{free}");
        let mut queues = context.socket::<Push>().unwrap().linger(Linger::Drop).connect(&at).unwrap();
        queues.try_send("for whoever comes").unwrap();
        let mut waits = context.socket::<Push>().unwrap().immediate(true).connect(&at).unwrap();
        assert!(waits.try_send("for nobody").unwrap_err().is_would_block());
        let mut pull = context.socket::<Pull>().unwrap().bind(&at).unwrap();
        drop(queues);
        waits.send("for a peer").await.unwrap();
        while pull.recv().await.unwrap() != "for a peer" {}
    }));
}

#[test]
fn a_message_that_is_too_long_ends_the_connection() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap().max_message_size(2000);
        let mut monitor = pull.monitor().unwrap();
        let mut pull = pull.bind(endpoint("tcp")).unwrap();
        let push = || context.socket::<Push>().unwrap().reconnect(Reconnect::Never).connect(pull.address()).unwrap();
        let (mut long, mut short) = (push(), push());
        long.send(vec![0; 2001]).await.unwrap();
        while !matches!(monitor.recv().await.unwrap().unwrap().kind, MonitorEventKind::Disconnected) {}
        short.send(vec![1; 2000]).await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), [1; 2000]);
    }));
}

#[test]
fn a_publisher_may_wait_for_its_subscribers() {
    const MESSAGES: u32 = 20_000;
    for transport in ["tcp", "inproc"] {
        let runtime = common::multi_thread();
        runtime.block_on(within(async {
            let context = Context::new().unwrap();
            let xpub = context.socket::<XPub>().unwrap().no_drop(true).send_hwm(Hwm::messages(10));
            let mut xpub = xpub.bind(endpoint(transport)).unwrap();
            let sub = context.socket::<Sub>().unwrap().recv_hwm(Hwm::messages(10)).subscribe("");
            let mut sub = sub.connect(xpub.address()).unwrap();
            let receiving = tokio::spawn(async move {
                for number in 0..MESSAGES {
                    assert_eq!(sub.recv().await.unwrap(), number.to_be_bytes());
                }
            });
            xpub.wait_for_subscribers(1).await.unwrap();
            for number in 0..MESSAGES {
                xpub.send(number.to_be_bytes()).await.unwrap();
            }
            receiving.await.unwrap();
            xpub.set_no_drop(false).unwrap();
            // Nobody receives any more: they are dropped, and nothing waits.
            for _ in 0..100 {
                xpub.send("x").await.unwrap();
            }
        }));
    }
}

/// libzmq looks once in a millisecond or so (`max_command_delay`) whether something was taken.
#[test]
fn a_publisher_may_drop_what_follows_soon_although_nothing_waits() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let xpub = context.socket::<XPub>().unwrap().send_hwm(Hwm::messages(1));
        let mut xpub = xpub.bind(endpoint("tcp")).unwrap();
        let mut sub = context.socket::<Sub>().unwrap().connect(xpub.address()).unwrap().subscribe("");
        xpub.wait_for_subscribers(1).await.unwrap();
        let mut all_comes = true;
        // Under the tools each call takes longer than that.
        while all_comes && SLOWNESS == 1 {
            // After a while nothing is lost.
            tokio::time::sleep(millis(20)).await;
            xpub.send("first").await.unwrap();
            assert_eq!(sub.recv().await.unwrap(), "first");
            // Not so at once, unless this took its time.
            xpub.send("second").await.unwrap();
            all_comes = timeout(millis(200), sub.recv()).await.is_ok();
        }
    }));
}

/// What the limits of one connection let through, nobody taking anything; in the end the publisher waits.
fn until_it_waits(mut send: impl FnMut() -> Result<(), Error>) -> Error {
    (0..).find_map(|_| send().err()).expect("it waits in the end")
}

#[tokio::test]
async fn a_publisher_that_waits_does_not_wait_for_ever() {
    let context = Context::new().unwrap();
    let limit = millis(20);
    let publisher = context.socket::<XPub>().unwrap().no_drop(true).send_hwm(Hwm::messages(1)).send_timeout(limit);
    let mut publisher = publisher.bind(endpoint("inproc")).unwrap();
    let sub = context.socket::<Sub>().unwrap().recv_hwm(Hwm::messages(1)).subscribe("");
    let stuck = sub.connect(publisher.address()).unwrap();
    publisher.wait_for_subscribers(1).await.unwrap();
    let error = until_it_waits(|| publisher.try_send("news"));
    assert!(matches!(error, Error::WouldBlock { socket: "XPUB", .. }), "{error:?}");
    assert_eq!(error.into_message().unwrap()[0], "news");
    let error = publisher.blocking_send("news").unwrap_err();
    assert!(matches!(error, Error::TimedOut { socket: "XPUB", after, .. } if after == limit), "{error:?}");
    drop(stuck);
}

#[cfg(feature = "draft")]
#[test]
fn a_radio_may_wait_for_its_dishes() {
    for transport in ["tcp", "inproc"] {
        common::current_thread().block_on(within(async {
            const MESSAGES: u32 = 20_000;
            let context = Context::new().unwrap();
            let group = group!("news");
            let radio = context.socket::<Radio>().unwrap().no_drop(true).send_hwm(Hwm::messages(10));
            let mut radio = radio.bind(endpoint(transport)).unwrap();
            let dish = context.socket::<Dish>().unwrap().recv_hwm(Hwm::messages(10)).join(&group);
            let mut dish = dish.connect(radio.address()).unwrap();
            // Before it has joined, a radio has nobody to wait for.
            let first = async {
                loop {
                    radio.send_to(&group, "are you there?").await.unwrap();
                    tokio::time::sleep(millis(1)).await;
                }
            };
            tokio::select! {
                _ = first => {}
                received = dish.recv() => drop(received.unwrap()),
            }
            let sending = async {
                for number in 0..MESSAGES {
                    radio.send_to(&group, number.to_be_bytes()).await.unwrap();
                }
            };
            let receiving = async {
                let mut next = 0;
                while next < MESSAGES {
                    let (_, message) = dish.recv().await.unwrap();
                    if message != "are you there?" {
                        assert_eq!(message, next.to_be_bytes());
                        next += 1;
                    }
                }
            };
            tokio::join!(sending, receiving);
        }));
    }
}

#[test]
fn blocking_calls_give_up_in_time() {
    let context = Context::new().unwrap();
    let limit = millis(30);
    let mut push = context.socket::<Push>().unwrap().send_timeout(limit).bind(endpoint("inproc")).unwrap();
    let begun = Instant::now();
    let error = push.blocking_send("for nobody").unwrap_err();
    assert!(begun.elapsed() >= limit);
    assert!(matches!(error, Error::TimedOut { socket: "PUSH", after, .. } if after == limit), "{error:?}");
    assert_eq!(error.into_message().unwrap()[0], "for nobody");
    let mut pull = context.socket::<Pull>().unwrap().recv_timeout(limit).connect(push.address()).unwrap();
    assert!(matches!(pull.blocking_recv(), Err(Error::TimedOut { socket: "PULL", .. })));
    push.blocking_send("for somebody").unwrap();
    assert_eq!(pull.blocking_recv().unwrap(), "for somebody");
    pull.set_recv_timeout(millis(1)).unwrap();
    assert!(matches!(pull.blocking_recv(), Err(Error::TimedOut { after, .. }) if after == millis(1)));

    let mut rep = context.socket::<Rep>().unwrap().bind(endpoint("inproc")).unwrap();
    let mut req = context.socket::<Req>().unwrap().recv_timeout(limit).connect(rep.address()).unwrap();
    assert!(matches!(req.blocking_request("anyone?"), Err(Error::TimedOut { socket: "REQ", .. })));
    let mut stream = context.socket::<Stream>().unwrap().recv_timeout(limit).bind(endpoint("tcp")).unwrap();
    assert!(matches!(stream.blocking_recv(), Err(Error::TimedOut { socket: "STREAM", .. })));
    drop(rep.blocking_next_request());
}

#[cfg(feature = "draft")]
#[test]
fn blocking_calls_on_shared_sockets_give_up_in_time() {
    let context = Context::new().unwrap();
    let limit = millis(30);
    let mut server = context.socket::<Server>().unwrap().recv_timeout(limit).bind(endpoint("inproc")).unwrap();
    assert!(matches!(server.blocking_recv(), Err(Error::TimedOut { socket: "SERVER", .. })));
    let client = context.socket::<Client>().unwrap().recv_timeout(limit).send_timeout(limit);
    let client = client.connect(endpoint("inproc")).unwrap().share();
    assert!(matches!(client.blocking_recv(), Err(Error::TimedOut { socket: "CLIENT", .. })));
    let error = (0..10_000).find_map(|_| client.blocking_send("for nobody").err()).unwrap();
    assert!(matches!(error, Error::TimedOut { socket: "CLIENT", after, .. } if after == limit), "{error:?}");
    assert_eq!(error.into_message().unwrap()[0], "for nobody");
    let mut scatter = context.socket::<Scatter>().unwrap().send_timeout(limit).bind(endpoint("inproc")).unwrap();
    assert!(matches!(scatter.blocking_send("for nobody"), Err(Error::TimedOut { socket: "SCATTER", .. })));
}

#[test]
fn linger_is_for_ever_if_it_is_to_be() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let at = format!("tcp://{free}");
        for (linger, delivered) in [(Linger::Forever, true), (Linger::Drop, false)] {
            let sender = Context::new().unwrap();
            let mut push = sender.socket::<Push>().unwrap().connect(&at).unwrap();
            push.set_linger(linger).unwrap();
            push.send("late").await.unwrap();
            drop(push);
            let ended = sender.terminate();
            if delivered {
                let mut pull = context.socket::<Pull>().unwrap().bind(&at).unwrap();
                assert_eq!(pull.recv().await.unwrap(), "late");
                pull.close();
            }
            assert_eq!(ended.await, Termination::InTime);
        }
    }));
}

// ---------------------------------------------------------------------------------------------------------------------
// Names and topics

#[test]
fn a_probe_tells_a_router_who_is_there() {
    let context = Context::new().unwrap();
    let mut router = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
    let name = RoutingId::new("worker").unwrap();
    let dealer = context.socket::<Dealer>().unwrap().routing_id(&name).probe_router(true);
    let mut dealer = dealer.connect(router.address()).unwrap();
    assert_eq!(router.blocking_recv().unwrap(), (name.clone(), Message::new()));
    router.blocking_send_to(&name, "work").unwrap();
    assert_eq!(dealer.blocking_recv().unwrap(), "work");
}

#[test]
fn a_name_is_handed_over_to_the_peer_that_comes_later() {
    let name = RoutingId::new("twin").unwrap();
    for hand_over in [true, false] {
        let context = Context::new().unwrap();
        let router = context.socket::<Router>().unwrap().router_handover(hand_over);
        let mut router = router.bind(endpoint("tcp")).unwrap();
        let at = router.address();
        let twin = || context.socket::<Dealer>().unwrap().routing_id(&name).connect(&at).unwrap();
        let mut first = twin();
        first.blocking_send("first").unwrap();
        assert_eq!(router.blocking_recv().unwrap().1, "first");
        let mut second = twin();
        second.blocking_send("second").unwrap();
        if hand_over {
            assert_eq!(router.blocking_recv().unwrap().1, "second");
        }
        router.blocking_send_to(&name, "to whom?").unwrap();
        let receiver = if hand_over { &mut second } else { &mut first };
        assert_eq!(receiver.blocking_recv().unwrap(), "to whom?");
    }
}

#[test]
fn a_router_that_is_not_told_drops() {
    let context = Context::new().unwrap();
    let mut router = context.socket::<Router>().unwrap().bind(endpoint("inproc")).unwrap();
    let nobody = RoutingId::new("nobody").unwrap();
    assert!(matches!(router.try_send_to(&nobody, "x"), Err(Error::Unroutable { .. })));
    router.set_router_mandatory(false).unwrap();
    router.try_send_to(&nobody, "x").unwrap();
}

#[test]
fn inverted_topics_are_what_is_not_wanted() {
    let context = Context::new().unwrap();
    let mut xpub = context.socket::<XPub>().unwrap().invert_matching(true).bind(endpoint("inproc")).unwrap();
    let sub = context.socket::<Sub>().unwrap().invert_matching(true).subscribe("boring");
    let mut sub = sub.connect(xpub.address()).unwrap();
    assert_eq!(xpub.blocking_recv().unwrap(), Subscription::Subscribe("boring".into()));
    xpub.blocking_send("boring: weather").unwrap();
    xpub.blocking_send("news: a bear in the park").unwrap();
    assert_eq!(sub.blocking_recv().unwrap(), "news: a bear in the park");
}

#[test]
fn a_subscriber_is_welcomed() {
    let context = Context::new().unwrap();
    let mut xpub = context.socket::<XPub>().unwrap().welcome_message("welcome").bind(endpoint("tcp")).unwrap();
    let mut sub = context.socket::<Sub>().unwrap().subscribe("welcome").connect(xpub.address()).unwrap();
    // A socket takes its peers in when it is used.
    assert_eq!(xpub.blocking_recv().unwrap(), Subscription::Subscribe("welcome".into()));
    assert_eq!(sub.blocking_recv().unwrap(), "welcome");
}

#[test]
fn an_xpub_is_told_as_much_as_it_asks_for() {
    use Subscription::{Subscribe, Unsubscribe};
    let one = || Subscribe("one".into());
    let end = || Unsubscribe("one".into());
    for (verbose, told) in [
        (None, vec![one(), end()]),
        (Some(Verbose::Subscriptions), vec![one(), one(), end()]),
        (Some(Verbose::All), vec![one(), one(), end(), end()]),
    ] {
        let context = Context::new().unwrap();
        let mut xpub = context.socket::<XPub>().unwrap().bind(endpoint("inproc")).unwrap();
        if let Some(verbose) = verbose {
            xpub.set_verbose(verbose).unwrap();
        }
        let sub = || context.socket::<Sub>().unwrap().subscribe("one").connect(xpub.address()).unwrap();
        let mut subs = [sub(), sub()];
        let (begun, ended): (Vec<_>, Vec<_>) = told.into_iter().partition(|event| *event == one());
        for event in begun {
            assert_eq!(xpub.blocking_recv().unwrap(), event);
        }
        subs.iter_mut().for_each(|sub| sub.unsubscribe("one").unwrap());
        for event in ended {
            assert_eq!(xpub.blocking_recv().unwrap(), event);
        }
        assert!(xpub.try_recv().unwrap_err().is_would_block());
    }
}

/// What is counted before it is received is received afterwards.
#[test]
fn subscribers_are_waited_for() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let xpub = context.socket::<XPub>().unwrap().verbose(Verbose::All);
        let mut xpub = xpub.bind(endpoint("tcp")).unwrap();
        let at = xpub.address();
        let sub = |topic: &str| context.socket::<Sub>().unwrap().subscribe(topic).connect(&at).unwrap();
        let (mut first, second) = (sub("a"), sub("a"));
        xpub.wait_for_subscribers(2).await.unwrap();
        first.unsubscribe("a").unwrap();
        // The end of one is counted too.
        let third = tokio::time::timeout(millis(100), xpub.wait_for_subscribers(3)).await;
        assert!(third.is_err());
        let (fourth, fifth) = (sub("b"), sub("a"));
        xpub.wait_for_subscribers(3).await.unwrap();
        let mut begun = Vec::new();
        for _ in 0..5 {
            match xpub.recv().await.unwrap() {
                Subscription::Subscribe(topic) => begun.push(topic),
                event => assert_eq!(event, Subscription::Unsubscribe("a".into())),
            }
        }
        begun.sort();
        assert_eq!(begun, ["a", "a", "a", "b"].map(Topic::from));
        drop((second, fourth, fifth));

        // Without: the first to each topic counts for all.
        let mut xpub = context.socket::<XPub>().unwrap().bind(endpoint("inproc")).unwrap();
        let at = xpub.address();
        let sub = |topic: &str| context.socket::<Sub>().unwrap().subscribe(topic).connect(&at).unwrap();
        let _subs = [sub("a"), sub("a"), sub("b")];
        xpub.wait_for_subscribers(2).await.unwrap();
        let third = tokio::time::timeout(millis(100), xpub.wait_for_subscribers(3)).await;
        assert!(third.is_err());
    }));
}

/// Only the first frame of a message that goes upstream can be a subscription.
#[test]
fn a_later_frame_that_looks_like_a_subscription_is_none() {
    let context = Context::new().unwrap();
    let mut xpub = context.socket::<XPub>().unwrap().bind(endpoint("tcp")).unwrap();
    let mut xsub = context.socket::<XSub>().unwrap().connect(xpub.address()).unwrap().subscribe("topic");
    assert_eq!(xpub.blocking_recv().unwrap(), Subscription::Subscribe("topic".into()));
    let upstream = || Multipart::from(["frame", "\u{1}topic", "\u{0}topic"]);
    xsub.try_send_upstream(upstream()).unwrap();
    assert_eq!(xpub.blocking_recv().unwrap(), Subscription::Upstream(upstream()));
    xpub.blocking_send("topic: still here").unwrap();
    assert_eq!(xsub.blocking_recv().unwrap(), "topic: still here");
}

#[test]
fn peers_are_told_properties() {
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
    let push = context.socket::<Push>().unwrap().metadata(Metadata::new("X-Role", "feeder: 1").unwrap());
    let mut push = push.metadata(Metadata::new("X-Site", "north").unwrap()).connect(pull.address()).unwrap();
    push.blocking_send("job").unwrap();
    let message = pull.blocking_recv().unwrap();
    assert_eq!(message.metadata("X-Role"), Some("feeder: 1"));
    assert_eq!(message.metadata("X-Site"), Some("north"));
    assert_eq!(message.metadata("Socket-Type"), Some("PUSH"));
    assert_eq!(message.metadata("Peer-Address"), Some("127.0.0.1"));
    assert_eq!(message.metadata("X-Other"), None);
    assert_eq!(message.metadata("X-\0"), None);
}

#[test]
fn a_correlated_question_has_a_number() {
    let context = Context::new().unwrap();
    let mut router = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
    let mut req = context.socket::<Req>().unwrap().correlated().connect(router.address()).unwrap();
    let asking = std::thread::spawn(move || req.blocking_request("question").unwrap());
    let (peer, frames) = router.blocking_recv_multipart().unwrap();
    let [number, delimiter, question] = &frames[..] else { panic!("{frames:?}") };
    assert_eq!((number.len(), delimiter.len(), &question[..]), (4, 0, &b"question"[..]));
    router.blocking_send_multipart_to(&peer, [number.clone(), Message::new(), "answer".into()]).unwrap();
    assert_eq!(asking.join().unwrap(), "answer");
}

#[cfg(feature = "draft")]
#[test]
fn peers_are_greeted_and_missed() {
    let context = Context::new().unwrap();
    let server = context.socket::<Server>().unwrap().hello_message("hello").disconnect_message("gone");
    let mut server = server.bind(endpoint("tcp")).unwrap();
    let mut client = context.socket::<Client>().unwrap().connect(server.address()).unwrap();
    assert_eq!(client.blocking_recv().unwrap(), "hello");
    client.blocking_send("here").unwrap();
    let (here, message) = server.blocking_recv().unwrap();
    assert_eq!(message, "here");
    drop(client);
    let (gone, message) = server.blocking_recv().unwrap();
    assert_eq!((gone, message), (here, "gone".into()));

    let router = context.socket::<Router>().unwrap().hello_message("hello").disconnect_message("gone");
    let mut router = router.bind(endpoint("tcp")).unwrap();
    let mut dealer = context.socket::<Dealer>().unwrap().hello_message("hi").connect(router.address()).unwrap();
    assert_eq!(dealer.blocking_recv().unwrap(), "hello");
    assert_eq!(router.blocking_recv().unwrap().1, "hi");
    drop(dealer);
    assert_eq!(router.blocking_recv().unwrap().1, "gone");
}
