//! Messages arrive as they were sent, and come back when they cannot be.

mod common;

use std::time::Duration;

use common::{current_thread, endpoint, ends, within};
use zmq_typestate::{
    Context, Dealer, Error, Hwm, Message, Multipart, Pair, Pub, Pull, Push, Rep, Req, Router, RoutingId, Sub, Topic,
    XPub, XSub,
};

#[test]
fn every_way_to_make_one() {
    const LONG: &[u8] = &[b'x'; 5000];
    let long = str::from_utf8(LONG).unwrap();
    for text in ["", "a", "33 bytes, which libzmq keeps inside", long] {
        let expected = text.as_bytes();
        let mut messages = vec![
            Message::from(text),
            Message::from(expected),
            Message::from(text.to_owned()),
            Message::from(expected.to_vec()),
            Message::from(zmq::Message::from(text)),
            Message::from_static(text),
        ];
        #[cfg(feature = "bytes")]
        messages.push(Message::from(bytes::Bytes::from(expected.to_vec())));
        messages.push(messages[0].clone());
        for message in messages {
            assert_eq!(message, expected);
            assert_eq!(message.as_str(), Some(text));
            assert_eq!(&*zmq::Message::from(message.clone()), expected);
            #[cfg(feature = "bytes")]
            assert_eq!(message.into_bytes(), expected);
        }
    }
    assert_eq!(Message::from([1, 2, 3]), [1, 2, 3]);
    assert_eq!(Message::from(b"abc"), "abc");
    assert_eq!(Message::from([255]).as_str(), None);
    assert_eq!(format!("{:?}", Message::from("a\n")), r#"b"a\n""#);
    assert!(format!("{:?}", Message::from(long)).ends_with(".. (5000 bytes)"));
}

#[test]
fn long_buffers_are_handed_over() {
    let context = Context::new().unwrap();
    let (mut one, mut other) = ends::<Pair, Pair>(&context, &endpoint("inproc"), true);
    let buffer = vec![7; 1 << 20];
    let place = buffer.as_ptr();
    one.blocking_send(buffer).unwrap();
    let received = other.blocking_recv().unwrap();
    assert_eq!(received.as_ptr(), place);
    assert!(received.iter().all(|byte| *byte == 7));

    static TEXT: &str = "text that lives as long as the program, and longer than a message holds itself";
    one.blocking_send(Message::from_static(TEXT)).unwrap();
    assert_eq!(other.blocking_recv().unwrap().as_ptr(), TEXT.as_ptr());
}

#[test]
fn any_number_of_frames() {
    let context = Context::new().unwrap();
    let (mut one, mut other) = ends::<Pair, Pair>(&context, &endpoint("tcp"), true);
    for count in [1, 2, 3, 4, 100] {
        let message: Multipart = (0..count).map(|at| format!("frame {at}")).collect();
        one.blocking_send_multipart(message.clone()).unwrap();
        assert_eq!(other.blocking_recv_multipart().unwrap(), message);
    }
    let mut message = Multipart::from(vec!["b"]);
    message.push_front("a");
    message.extend(["c", "d"]);
    assert_eq!(message, Multipart::from(["a", "b", "c", "d"]));
    assert_eq!(message.pop_front().unwrap(), "a");
    assert_eq!(message.clone().into_single().unwrap_err(), message);
    assert_eq!(Multipart::from(["one"]).into_single().unwrap(), "one");
    assert!(Multipart::new().into_single().is_err());
}

#[test]
fn a_message_of_no_frames_is_refused() {
    let context = Context::new().unwrap();
    let name = || endpoint("inproc");
    let empty = Multipart::new;
    let errors = [
        context.socket::<Push>().unwrap().bind(name()).unwrap().try_send_multipart(empty()).unwrap_err(),
        context.socket::<Pub>().unwrap().bind(name()).unwrap().try_send_multipart(empty()).unwrap_err(),
        context.socket::<XPub>().unwrap().bind(name()).unwrap().try_send_multipart(empty()).unwrap_err(),
        context.socket::<Pair>().unwrap().bind(name()).unwrap().try_send_multipart(empty()).unwrap_err(),
        context.socket::<Dealer>().unwrap().bind(name()).unwrap().try_send_multipart(empty()).unwrap_err(),
        context.socket::<Req>().unwrap().bind(name()).unwrap().try_send_multipart(empty()).unwrap_err().into(),
    ];
    for error in errors {
        assert!(matches!(error, Error::EmptyMultipart { .. }), "{error:?}");
    }
}

#[test]
fn several_frames_where_one_was_expected_come_in_the_error() {
    let context = Context::new().unwrap();
    let sent = Multipart::from(["a", "b"]);

    let (mut one, mut other) = ends::<Pair, Pair>(&context, &endpoint("tcp"), true);
    one.blocking_send_multipart(sent.clone()).unwrap();
    one.blocking_send("next").unwrap();
    let error = other.blocking_recv().unwrap_err();
    assert!(error.to_string().contains("2 frames"), "{error}");
    assert_eq!(error.into_message().unwrap(), sent);
    assert_eq!(other.blocking_recv().unwrap(), "next");

    let (mut dealer, mut router) = ends::<Dealer, Router>(&context, &endpoint("tcp"), false);
    dealer.blocking_send_multipart(sent.clone()).unwrap();
    let error = router.blocking_recv().unwrap_err();
    assert_eq!(error.into_message().unwrap()[1..], sent[..]);

    // In lock-step the turn has passed all the same.
    let (req, mut rep) = ends::<Req, Rep>(&context, &endpoint("tcp"), false);
    let waiting = req.blocking_send("q").unwrap();
    rep.blocking_next_request().unwrap().reply_multipart(sent.clone()).unwrap();
    let (req, error) = waiting.blocking_recv().unwrap_err().into_parts();
    assert_eq!(error.into_message().unwrap(), sent);
    let waiting = req.abandon().blocking_send_multipart(sent.clone()).unwrap();
    let (rep, error) = rep.blocking_recv().unwrap_err().into_parts();
    assert_eq!(error.into_message().unwrap(), sent);
    // Receiving again answers the odd request with an empty message.
    let server = std::thread::spawn(move || rep.blocking_recv().unwrap().1.blocking_send("right").unwrap());
    let (answer, req) = waiting.blocking_recv().unwrap();
    assert_eq!(answer, "");
    assert_eq!(req.blocking_send("again").unwrap().blocking_recv().unwrap().0, "right");
    drop(server.join().unwrap());
}

#[test]
fn what_cannot_be_sent_comes_back() {
    let context = Context::new().unwrap();
    let mut push = context.socket::<Push>().unwrap().bind(endpoint("tcp")).unwrap();
    let full = push.try_send_multipart(["a", "b"]).unwrap_err();
    assert!(full.is_would_block());
    assert_eq!(full.into_message().unwrap(), Multipart::from(["a", "b"]));

    let mut router = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
    let nobody = router.try_send_to(&RoutingId::new("nobody").unwrap(), "hello").unwrap_err();
    assert!(matches!(&nobody, Error::Unroutable { peer, .. } if peer == "\"nobody\""), "{nobody:?}");
    assert_eq!(nobody.into_message().unwrap(), Multipart::from(["hello"]));

    let mut xsub = context.socket::<XSub>().unwrap().bind(endpoint("tcp")).unwrap();
    let odd = current_thread().block_on(xsub.send_upstream([1, 2])).unwrap_err();
    assert!(matches!(odd, Error::LooksLikeSubscription { first: 1, .. }), "{odd:?}");
    assert_eq!(odd.into_message().unwrap()[0], [1, 2]);

    context.shutdown();
    let ended = push.try_send("late").unwrap_err();
    assert!(matches!(ended, Error::ContextTerminated { .. }), "{ended:?}");
    assert_eq!(ended.into_message().unwrap()[0], "late");
    assert!(matches!(context.socket::<Push>(), Err(Error::ContextTerminated { .. })));
}

#[test]
fn topics_up_to_their_limit() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let longest = "t".repeat(Topic::MAX_LEN);
        let mut publisher = context.socket::<XPub>().unwrap().bind(endpoint("tcp")).unwrap();
        let sub = context.socket::<Sub>().unwrap().connect(publisher.address()).unwrap();
        let mut sub = sub.subscribe(&longest);
        let xsub = context.socket::<XSub>().unwrap().connect(publisher.address()).unwrap();
        let mut xsub = xsub.subscribe(&longest);
        publisher.recv().await.unwrap();
        // The second subscription to a topic is not told: publish until both have it.
        let message = format!("{longest} and more");
        let both = async {
            assert_eq!(sub.recv().await.unwrap(), message);
            assert_eq!(xsub.recv().await.unwrap(), message);
        };
        tokio::pin!(both);
        loop {
            publisher.send(&message).await.unwrap();
            tokio::select! {
                () = &mut both => break,
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
            }
        }

        let too_long = "t".repeat(Topic::MAX_LEN + 1);
        let error = sub.also_subscribe(&too_long).unwrap_err();
        assert!(matches!(error, Error::Option { option: "ZMQ_SUBSCRIBE", .. }), "{error:?}");
        let mut sub = sub.subscribe("t".repeat(1 << 20));
        assert!(matches!(sub.recv().await, Err(Error::Option { .. })));
        let idle = context.socket::<Sub>().unwrap().subscribe(&too_long);
        assert!(matches!(idle.bind(endpoint("tcp")), Err(Error::Option { .. })));
        assert!(xsub.also_subscribe(&too_long).is_err());
    }));
}

#[test]
fn routing_ids_up_to_their_limit() {
    let context = Context::new().unwrap();
    let longest = RoutingId::new("n".repeat(255)).unwrap();
    let mut router = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
    let dealer = context.socket::<Dealer>().unwrap().routing_id(&longest);
    let mut dealer = dealer.send_hwm(Hwm::Unlimited).connect(router.address()).unwrap();
    dealer.blocking_send("hello").unwrap();
    assert_eq!(router.blocking_recv().unwrap(), (longest.clone(), Message::from("hello")));
    router.blocking_send_to(&longest, "hello yourself").unwrap();
    assert_eq!(dealer.blocking_recv().unwrap(), "hello yourself");
    for wrong in [&b""[..], &[b'n'; 256], b"\0n"] {
        assert!(matches!(RoutingId::new(wrong), Err(Error::RoutingId { .. })));
    }
}

#[test]
fn a_megabyte_arrives_unchanged() {
    let context = Context::new().unwrap();
    let (mut push, mut pull) = ends::<Push, Pull>(&context, &endpoint("tcp"), false);
    let sent: Vec<u8> = (0..1u32 << 20).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    push.blocking_send(sent.clone()).unwrap();
    assert_eq!(pull.blocking_recv().unwrap(), sent);
}
