//! Mistakes and mishaps that no type can see, as far as they are not at home in another file: what comes of each.

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use zmq_typestate::{
    Bound, CanConnect, Context, Dealer, Error, HandshakeFailure, ManyEndpoints, MonitorEventKind, Pair, Pub, Pull,
    Push, Reconnect, Rep, Req, Router, Socket, SocketType, Sub, Subscription, TalksTo, Termination, XPub,
};

mod common;

use common::{current_thread, endpoint, everywhere, within};

/// The reason that the system gave.
fn reason(error: Error) -> io::ErrorKind {
    match error {
        Error::Attach { source, .. } => source.kind(),
        other => panic!("{other}"),
    }
}

fn bind(at: &str) -> Error {
    Context::new().unwrap().socket::<Pull>().unwrap().bind(at).unwrap_err()
}

#[test]
fn the_system_says_why_not() {
    let context = Context::new().unwrap();
    let first = context.socket::<Pull>().unwrap().bind("tcp://127.0.0.1:*").unwrap();
    assert_eq!(reason(bind(&first.address().to_string())), io::ErrorKind::AddrInUse);
    // An address of nobody's machine (TEST-NET-1).
    assert_eq!(reason(bind("tcp://192.0.2.1:5555")), io::ErrorKind::AddrNotAvailable);
    assert_eq!(reason(bind("ipc:///no/such/directory/socket")), io::ErrorKind::NotFound);
    let name = endpoint("inproc");
    let _first = context.socket::<Pull>().unwrap().bind(name.as_str()).unwrap();
    let second = context.socket::<Pull>().unwrap().bind(name.as_str()).unwrap_err();
    assert_eq!(reason(second), io::ErrorKind::AddrInUse);
    let without_threads = Context::builder().io_threads(0).build().unwrap();
    for transport in ["tcp", "ipc", "ws"] {
        let error = without_threads.socket::<Pull>().unwrap().bind(endpoint(transport)).unwrap_err();
        assert!(error.to_string().contains("No thread available"), "{error}");
    }
}

#[test]
fn an_endpoint_is_released_by_the_text_that_it_was_bound_with() {
    let context = Context::new().unwrap();
    for wildcard in ["tcp://*:*", "tcp://127.0.0.1:*", "ipc://*", "ws://*:*/x"] {
        let mut pull = context.socket::<Pull>().unwrap().bind(wildcard).unwrap();
        assert_eq!(pull.addresses().count(), 1);
        pull.unbind(wildcard).unwrap();
        assert_eq!(pull.addresses().count(), 0);
        assert!(matches!(pull.unbind(wildcard), Err(Error::NotAttached { .. })));
    }
}

fn connects_once<T: SocketType<Fresh: CanConnect + ManyEndpoints>, L: SocketType<Fresh: TalksTo<T::Kind>>>(
    context: &Context,
) {
    let listener = context.socket::<L>().unwrap().bind(endpoint("tcp")).unwrap();
    let at = listener.address().to_string();
    let mut socket = context.socket::<T>().unwrap().connect(at.as_str()).unwrap();
    assert!(matches!(socket.also_connect(at.as_str()), Err(Error::AlreadyConnected { .. })));
}

#[test]
fn every_type_connects_to_an_endpoint_once() {
    let context = Context::new().unwrap();
    connects_once::<Push, Pull>(&context);
    connects_once::<Pull, Push>(&context);
    connects_once::<Dealer, Router>(&context);
    connects_once::<Router, Dealer>(&context);
    connects_once::<Sub, Pub>(&context);
    connects_once::<Pub, Sub>(&context);
    connects_once::<Req, Rep>(&context);
    connects_once::<Rep, Req>(&context);
}

#[test]
fn a_server_that_is_not_zeromq_is_told_of() {
    current_thread().block_on(within(async {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = format!("tcp://{}", listener.local_addr().unwrap());
        // It hangs up on everybody.
        std::thread::spawn(move || listener.incoming().for_each(drop));
        let context = Context::new().unwrap();
        let mut push = context.socket::<Push>().unwrap().reconnect(Reconnect::Every(Duration::from_millis(1)));
        let mut monitor = push.monitor().unwrap();
        let _push = push.connect(at).unwrap();
        assert!(matches!(monitor.wait_connected(1).await, Err(Error::PeerHungUp { .. })));
        let mut failed = 0;
        // It goes on trying.
        while failed < 3 {
            match monitor.recv().await.unwrap().unwrap().kind {
                MonitorEventKind::HandshakeFailed(HandshakeFailure::System(_)) => failed += 1,
                MonitorEventKind::HandshakeSucceeded => panic!("with whom?"),
                _ => {}
            }
        }
    }));
}

#[test]
fn what_is_no_request_comes_in_the_error_and_the_next_one_is_served() {
    everywhere::<Router, Dealer>(async |mut router, mut dealer| {
        dealer.send("no delimiter").await.unwrap();
        dealer.send_multipart(["", "question"]).await.unwrap();
        let error = router.recv_request().await.unwrap_err();
        assert!(matches!(error, Error::NoDelimiter { socket: "ROUTER", .. }), "{error}");
        assert_eq!(error.into_message().unwrap()[1], "no delimiter");
        let (envelope, question) = router.recv_request().await.unwrap();
        assert_eq!(question[0], "question");
        router.reply(envelope, "answer").await.unwrap();
        let answer = dealer.recv_multipart().await.unwrap();
        assert_eq!((&*answer[0], &*answer[1]), (&b""[..], &b"answer"[..]));
    });
}

#[test]
fn a_reply_to_a_client_that_has_gone_holds_up_nobody() {
    current_thread().block_on(within(async {
        for transport in common::TRANSPORTS {
            let context = Context::new().unwrap();
            let mut rep = context.socket::<Rep>().unwrap().bind(endpoint(transport)).unwrap();
            for _ in 0..20 {
                let client = context.socket::<Req>().unwrap().connect(rep.address()).unwrap();
                let client = client.send("and gone").await.unwrap();
                let request = rep.next_request().await.unwrap();
                drop(client);
                request.reply("too late").unwrap();
            }
            let mut client = context.socket::<Req>().unwrap().connect(rep.address()).unwrap();
            let (answer, ()) = tokio::join!(client.request("still there?"), async {
                rep.next_request().await.unwrap().reply("yes").unwrap();
            });
            assert_eq!(answer.unwrap(), "yes");
        }
    }));
}

#[test]
fn a_req_whose_peer_has_died_asks_another() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let dying = Context::new().unwrap();
        let rep = dying.socket::<Rep>().unwrap().bind(endpoint("tcp")).unwrap();
        let at = rep.address();
        let req = context.socket::<Req>().unwrap().connect(&at).unwrap();
        let asked = req.send("anyone?").await.unwrap();
        let (question, owing) = rep.recv().await.unwrap();
        assert_eq!(question, "anyone?");
        // What the drop would answer is not to be delivered: as of a process that was killed.
        owing.close_within(Duration::ZERO);
        assert_eq!(dying.terminate().await, Termination::InTime);
        let given_up = asked.recv_within(Duration::from_millis(20)).await;
        let mut req = match given_up {
            Ok((reply, req)) => {
                assert_eq!(reply, "");
                req
            }
            Err(returned) => {
                let (waiting, error) = returned.into_parts();
                assert!(matches!(error, Error::TimedOut { .. }), "{error}");
                waiting.abandon()
            }
        };
        let mut heir = context.socket::<Rep>().unwrap().bind(&at).unwrap();
        let (answer, ()) = tokio::join!(req.request("you?"), async {
            let question = heir.next_request().await.unwrap();
            assert_eq!(question[0], "you?");
            question.reply("I").unwrap();
        });
        assert_eq!(answer.unwrap(), "I");
    }));
}

#[test]
fn a_topic_that_was_subscribed_to_twice_is_taken_back_twice() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut xpub = context.socket::<XPub>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut sub = context.socket::<Sub>().unwrap().connect(xpub.address()).unwrap().subscribe("a");
        sub.also_subscribe("a").unwrap();
        // Of what it has not subscribed to: ignored.
        sub.unsubscribe("never").unwrap();
        assert!(matches!(xpub.recv().await.unwrap(), Subscription::Subscribe(topic) if &*topic == b"a"));
        sub.unsubscribe("a").unwrap();
        xpub.send("a: once more").await.unwrap();
        assert_eq!(sub.recv().await.unwrap(), "a: once more");
        sub.unsubscribe("a").unwrap();
        assert!(matches!(xpub.recv().await.unwrap(), Subscription::Unsubscribe(topic) if &*topic == b"a"));
    }));
}

#[test]
fn a_bound_sub_tells_its_topics_while_it_receives() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut sub = context.socket::<Sub>().unwrap().bind(endpoint("tcp")).unwrap().subscribe("");
        let mut xpub = context.socket::<XPub>().unwrap().connect(sub.address()).unwrap();
        let (waited, received) = tokio::join!(
            async {
                xpub.wait_for_subscribers(1).await.unwrap();
                xpub.send("news").await.unwrap();
            },
            sub.recv()
        );
        let () = waited;
        assert_eq!(received.unwrap(), "news");
    }));
}

#[test]
fn an_inproc_address_is_good_for_its_context() {
    let (one, other) = (Context::new().unwrap(), Context::new().unwrap());
    let mut pull = one.socket::<Pull>().unwrap().bind(endpoint("inproc")).unwrap();
    let also = pull.also_bind(endpoint("inproc")).unwrap();
    for at in pull.addresses().chain([pull.address(), also]) {
        let error = other.socket::<Push>().unwrap().connect(&at).unwrap_err();
        assert!(matches!(&error, Error::ForeignAddress { socket: "PUSH", .. }), "{error}");
        one.socket::<Push>().unwrap().connect(&at).unwrap().close();
    }
    // A name in the other context may be the same.
    let same = pull.address().to_string();
    let mut there = other.socket::<Pull>().unwrap().bind(same.as_str()).unwrap();
    other.socket::<Push>().unwrap().connect(same.as_str()).unwrap().blocking_send("there").unwrap();
    assert_eq!(there.blocking_recv().unwrap(), "there");
    assert!(pull.try_recv().unwrap_err().is_would_block());
}

#[test]
fn an_inproc_connecter_does_not_come_back_by_itself() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let name = endpoint("inproc");
        let pull: Socket<Pull, Bound> = context.socket::<Pull>().unwrap().bind(name.as_str()).unwrap();
        let mut push = context.socket::<Push>().unwrap().connect(name.as_str()).unwrap();
        drop(pull);
        let mut pull = context.socket::<Pull>().unwrap().bind(name.as_str()).unwrap();
        while !push.try_send("to nobody").is_err_and(|error| error.is_would_block()) {}
        push.disconnect(name.as_str()).unwrap();
        push.also_connect(name.as_str()).unwrap();
        push.send("to the new one").await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), "to the new one");
    }));
}

#[test]
fn a_message_over_inproc_tells_nothing_of_its_sender() {
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap().bind(endpoint("inproc")).unwrap();
    let mut push = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
    push.blocking_send("hello").unwrap();
    let message = pull.blocking_recv().unwrap();
    for property in ["Socket-Type", "Peer-Address", "Routing-Id", "User-Id"] {
        assert_eq!(message.metadata(property), None, "{property}");
    }
}

#[test]
fn a_pair_hears_its_next_peer_when_the_first_has_gone() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut bound = context.socket::<Pair>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut first = context.socket::<Pair>().unwrap().connect(bound.address()).unwrap();
        first.send("first").await.unwrap();
        assert_eq!(bound.recv().await.unwrap(), "first");
        // libzmq takes no notice of it, and says so to nobody.
        let mut second = context.socket::<Pair>().unwrap().connect(bound.address()).unwrap();
        second.send("second").await.unwrap();
        first.send("first again").await.unwrap();
        assert_eq!(bound.recv().await.unwrap(), "first again");
        assert!(bound.try_recv().is_err_and(|error| error.is_would_block()));
        drop((first, second));
        // As soon as the bound one has noticed.
        let third = async {
            loop {
                let mut third = context.socket::<Pair>().unwrap().connect(bound.address()).unwrap();
                third.send("third").await.unwrap();
                match tokio::time::timeout(Duration::from_millis(100), bound.recv()).await {
                    // The second one lingers, and may come in before this one.
                    Ok(message) if message.as_ref().is_ok_and(|message| message == "second") => drop(third),
                    Ok(message) => break message.unwrap(),
                    Err(_) => drop(third),
                }
            }
        };
        assert_eq!(third.await, "third");
    }));
}
