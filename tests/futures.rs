//! Sockets as streams and sinks, with the feature `futures`.

#![cfg(feature = "futures")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{TRANSPORTS, current_thread, endpoint, millis, multi_thread, within};
use futures::{FutureExt, SinkExt, StreamExt, TryStreamExt, future, stream};
use zmq_typestate::*;

#[test]
fn a_stream_gives_what_comes_and_ends_with_the_context() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut push = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
        for number in 0..10u8 {
            push.send([number]).await.unwrap();
        }
        push.send_multipart(["two", "frames"]).await.unwrap();
        push.send("last").await.unwrap();
        let first: Vec<_> = (&mut pull).take(10).map(|message| message.unwrap()[0]).collect().await;
        assert_eq!(first, (0..10).collect::<Vec<_>>());
        // A failure is an item, and has the message in it; the stream goes on.
        let failure = pull.try_next().await.unwrap_err();
        assert_eq!(failure.into_message().unwrap(), ["two", "frames"].into());
        assert_eq!(pull.try_next().await.unwrap().unwrap(), "last");
        assert!(pull.next().now_or_never().is_none());
        context.shutdown();
        assert!(pull.next().await.is_none());
        assert!(pull.next().await.is_none());
    }));
}

/// Ten thousand messages through queues of five, by `send_all` and `forward`: all of them, in order.
#[test]
fn back_pressure_goes_all_the_way() {
    const MESSAGES: u32 = 10_000;
    for (runtime, transport) in TRANSPORTS.into_iter().flat_map(|it| [(current_thread(), it), (multi_thread(), it)]) {
        runtime.block_on(within(async {
            let context = Context::new().unwrap();
            let few = Hwm::messages(5);
            let pull = || context.socket::<Pull>().unwrap().recv_hwm(few);
            let push = || context.socket::<Push>().unwrap().send_hwm(few);
            let mut sink = pull().bind(endpoint(transport)).unwrap();
            let relay_out = push().connect(sink.address()).unwrap();
            let relay_in = pull().bind(endpoint(transport)).unwrap();
            let mut feed = push().connect(relay_in.address()).unwrap();
            let relay = tokio::spawn(relay_in.forward(relay_out));
            let feeding = tokio::spawn(async move {
                let numbers = stream::iter(0..MESSAGES).map(|number| Ok(Message::from(number.to_be_bytes())));
                feed.send_all(&mut { numbers }).await.unwrap();
                feed
            });
            for number in 0..MESSAGES {
                assert_eq!(sink.next().await.unwrap().unwrap(), number.to_be_bytes());
            }
            drop(feeding.await.unwrap());
            context.shutdown();
            relay.await.unwrap().unwrap();
        }));
    }
}

#[test]
fn a_sink_holds_one_message_and_then_waits() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut push = context.socket::<Push>().unwrap().bind(endpoint("inproc")).unwrap();
        // There is nobody: it is held.
        push.feed(Message::from("one")).await.unwrap();
        assert!(push.feed(Message::from("two")).now_or_never().is_none());
        assert!(SinkExt::<Message>::flush(&mut push).now_or_never().is_none());
        let mut pull = context.socket::<Pull>().unwrap().connect(push.address()).unwrap();
        SinkExt::<Message>::flush(&mut push).await.unwrap();
        push.feed(Multipart::from(["three", "four"])).await.unwrap();
        SinkExt::<Multipart>::close(&mut push).await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), "one");
        assert_eq!(pull.recv_multipart().await.unwrap(), ["three", "four"].into());
        context.shutdown();
        // libzmq looks for news when it is sent to, but not every time.
        let error = loop {
            if let Err(error) = SinkExt::send(&mut push, Message::from("late")).await {
                break error;
            }
            tokio::time::sleep(millis(1)).await;
        };
        assert!(matches!(error, Error::ContextTerminated { .. }));
        assert_eq!(error.into_message().unwrap()[0], "late");
    }));
}

/// What a sink holds goes where its socket goes.
#[test]
fn what_a_sink_holds_is_not_lost_on_the_way() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut pair = context.socket::<Pair>().unwrap().bind(endpoint("inproc")).unwrap();
        pair.feed(Message::from("one")).await.unwrap();
        let (sender, receiver) = pair.split();
        let clone = sender.clone();
        let (sender, receiver) = sender.reunite(receiver).unwrap_err();
        drop(clone);
        let pair = sender.reunite(receiver).unwrap();
        let at = pair.address();
        let other = context.socket::<Pair>().unwrap().bind(endpoint("inproc")).unwrap();
        let bridge = Proxy::new(pair, other).spawn().unwrap();
        let mut peer = context.socket::<Pair>().unwrap().connect(at).unwrap();
        assert_eq!(peer.recv().await.unwrap(), "one");
        let _ = bridge.stop().await.unwrap();
    }));
}

#[test]
fn a_router_is_a_sink_of_addressed_messages() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut router = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut dealer = context.socket::<Dealer>().unwrap().connect(router.address()).unwrap();
        dealer.send(Message::from("question")).await.unwrap();
        let (peer, question) = router.next().await.unwrap().unwrap();
        assert_eq!(question, "question");
        SinkExt::send(&mut router, (peer, Message::from("answer"))).await.unwrap();
        assert_eq!(dealer.next().await.unwrap().unwrap(), "answer");
        let nobody = RoutingId::new("nobody").unwrap();
        let error = SinkExt::send(&mut router, (nobody, Message::from("lost?"))).await.unwrap_err();
        assert_eq!(error.into_message().unwrap()[0], "lost?");
        // What could not be sent is not tried again.
        SinkExt::<(RoutingId<Router>, Message)>::flush(&mut router).await.unwrap();
    }));
}

#[test]
fn halves_are_a_stream_and_a_sink() {
    const MESSAGES: u32 = 5000;
    for runtime in [current_thread(), multi_thread()] {
        runtime.block_on(within(async {
            let context = Context::new().unwrap();
            let few = Hwm::messages(5);
            let pair = || context.socket::<Pair>().unwrap().send_hwm(few).recv_hwm(few);
            let echo = pair().bind(endpoint("tcp")).unwrap();
            let (mut sender, receiver) = pair().connect(echo.address()).unwrap().split();
            let (back, there) = echo.split();
            let echoing = tokio::spawn(there.forward(back));
            let sending = tokio::spawn(async move {
                let numbers = stream::iter(0..MESSAGES).map(|number| Ok(Message::from(number.to_be_bytes())));
                sender.send_all(&mut { numbers }).await.unwrap();
                sender
            });
            let mut receiver = receiver.enumerate();
            for number in 0..MESSAGES {
                let (at, message) = receiver.next().await.unwrap();
                assert_eq!((at, message.unwrap()), (number as usize, number.to_be_bytes().into()));
            }
            drop(sending.await.unwrap());
            context.shutdown();
            echoing.await.unwrap().unwrap();
            assert!(receiver.next().await.is_none());
        }));
    }
}

#[test]
fn a_monitor_is_a_stream_of_events() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap();
        let monitor = pull.monitor().unwrap();
        drop(pull.bind(endpoint("tcp")).unwrap());
        let told: Vec<_> = monitor.map(|event| event.unwrap().kind.to_string()).collect().await;
        assert_eq!(told, ["listening"]);
    }));
}

#[cfg(feature = "draft")]
#[test]
fn draft_types_are_streams_and_sinks_too() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut server = context.socket::<Server>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut client = context.socket::<Client>().unwrap().connect(server.address()).unwrap();
        SinkExt::send(&mut client, Message::from("question")).await.unwrap();
        let (peer, question) = server.next().await.unwrap().unwrap();
        SinkExt::send(&mut server, (peer, question)).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), "question");
    }));
}

#[cfg(feature = "draft")]
#[test]
fn shared_sockets_are_streams_and_sinks_of_several_tasks() {
    const EACH: u32 = 2000;
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let few = Hwm::messages(5);
        let gather = context.socket::<Gather>().unwrap().recv_hwm(few).bind(endpoint("tcp")).unwrap();
        let scatter = context.socket::<Scatter>().unwrap().send_hwm(few).connect(gather.address()).unwrap().share();
        let gather = gather.share();
        let received = Arc::<AtomicUsize>::default();
        let receiving = [(); 3].map(|()| {
            let (stream, received) = (gather.stream(), received.clone());
            tokio::spawn(stream.for_each(move |message| {
                assert_eq!(message.unwrap().len(), 4);
                received.fetch_add(1, Ordering::Relaxed);
                future::ready(())
            }))
        });
        let sending = [(); 4].map(|()| {
            let mut sink = scatter.sink();
            tokio::spawn(async move {
                let messages = stream::iter(0..EACH).map(|number| Ok(Message::from(number.to_be_bytes())));
                sink.send_all(&mut { messages }).await.unwrap();
            })
        });
        for sending in sending {
            sending.await.unwrap();
        }
        let sent = 4 * EACH as usize;
        while received.load(Ordering::Relaxed) < sent {
            tokio::time::sleep(millis(1)).await;
        }
        context.shutdown();
        for receiving in receiving {
            receiving.await.unwrap();
        }
        assert_eq!(received.load(Ordering::Relaxed), sent);
    }));
}
