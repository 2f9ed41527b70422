//! Every classic pattern, over every transport that it allows, with either end binding, in one frame and in several.

mod common;

use common::{TRANSPORTS, current_thread, endpoint, everywhere, multi_thread, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use zmq_typestate::{
    Attached, Context, Dealer, Error, Message, Multipart, Pair, Pub, Pull, Push, Rep, Req, Router, RoutingId, Socket,
    Stream, StreamEvent, Sub, Subscription, XPub, XSub,
};

const FRAMES: [&str; 4] = ["one", "", "three", "four"];

fn frames() -> Multipart {
    FRAMES.into()
}

#[test]
fn push_pull() {
    everywhere::<Push, Pull>(async |mut push, mut pull| {
        push.send("single").await.unwrap();
        push.send_multipart(frames()).await.unwrap();
        push.try_send("tried").unwrap();
        push.try_send_multipart(frames()).unwrap();
        push.blocking_send("blocked").unwrap();
        push.blocking_send_multipart(frames()).unwrap();

        assert_eq!(pull.recv().await.unwrap(), "single");
        assert_eq!(pull.recv_multipart().await.unwrap(), frames());
        assert_eq!(pull.recv_multipart().await.unwrap(), Multipart::from(["tried"]));
        assert_eq!(pull.blocking_recv_multipart().unwrap(), frames());
        assert_eq!(pull.blocking_recv().unwrap(), "blocked");
        loop {
            match pull.try_recv_multipart() {
                Ok(message) => break assert_eq!(message, frames()),
                Err(nothing_yet) => assert!(nothing_yet.is_would_block()),
            }
            tokio::task::yield_now().await;
        }
        assert!(pull.try_recv().unwrap_err().is_would_block());
    });
}

#[test]
fn pair() {
    everywhere::<Pair, Pair>(async |mut one, mut other| {
        for round in 0..10 {
            one.send(format!("ping {round}")).await.unwrap();
            assert_eq!(other.recv().await.unwrap(), format!("ping {round}"));
            other.send_multipart(frames()).await.unwrap();
            assert_eq!(one.recv_multipart().await.unwrap(), frames());
        }
    });
}

/// Publishes until the subscriber has what it wants: it may have joined late.
async fn published<M: Attached>(
    publisher: &mut Socket<Pub, M>,
    received: impl Future<Output = Multipart>,
) -> Multipart {
    tokio::pin!(received);
    loop {
        publisher.send_multipart(["other", "not subscribed to"]).await.unwrap();
        publisher.send_multipart(["news/local", "rain"]).await.unwrap();
        tokio::select! {
            message = &mut received => return message,
            () = tokio::time::sleep(std::time::Duration::from_millis(5)) => {}
        }
    }
}

#[test]
fn pub_sub() {
    everywhere::<Pub, Sub>(async |mut publisher, subscriber| {
        let mut subscriber = subscriber.subscribe("news");
        let message = published(&mut publisher, async { subscriber.recv_multipart().await.unwrap() }).await;
        assert_eq!(message, Multipart::from(["news/local", "rain"]));

        subscriber.unsubscribe("news").unwrap();
        subscriber.also_subscribe("other").unwrap();
        let message = published(&mut publisher, async {
            loop {
                let message = subscriber.recv_multipart().await.unwrap();
                if message[0] == "other" {
                    return message;
                }
            }
        });
        assert_eq!(message.await, Multipart::from(["other", "not subscribed to"]));
    });
}

#[test]
fn xpub_hears_of_subscriptions_and_sub_of_what_is_published() {
    everywhere::<XPub, Sub>(async |mut publisher, subscriber| {
        let mut subscriber = subscriber.subscribe_later();
        // A bound SUB tells its topics when it looks at its connections.
        subscriber.also_subscribe("a").unwrap();
        tokio::select! {
            event = publisher.recv() => assert_eq!(event.unwrap(), Subscription::Subscribe("a".into())),
            message = subscriber.recv() => panic!("{message:?}"),
        }
        publisher.send("b 1").await.unwrap();
        publisher.send("a 2").await.unwrap();
        publisher.send_multipart(["a", "3"]).await.unwrap();
        assert_eq!(subscriber.recv().await.unwrap(), "a 2");
        assert_eq!(subscriber.recv_multipart().await.unwrap(), Multipart::from(["a", "3"]));

        subscriber.unsubscribe("a").unwrap();
        assert_eq!(publisher.recv().await.unwrap(), Subscription::Unsubscribe("a".into()));
    });
}

#[test]
fn xpub_xsub() {
    everywhere::<XPub, XSub>(async |mut publisher, subscriber| {
        let mut subscriber = subscriber.subscribe("a").subscribe("b");
        let mut topics = Vec::new();
        while topics.len() < 2 {
            tokio::select! {
                event = publisher.recv() => match event.unwrap() {
                    Subscription::Subscribe(topic) => topics.push(topic),
                    other => panic!("{other:?}"),
                },
                message = subscriber.recv() => panic!("{message:?}"),
            }
        }
        topics.sort();
        assert_eq!(topics, ["a", "b"]);

        subscriber.send_upstream("hello").await.unwrap();
        assert_eq!(publisher.recv().await.unwrap(), Subscription::Upstream(["hello"].into()));
        subscriber.send_upstream_multipart(frames()).await.unwrap();
        assert_eq!(publisher.recv().await.unwrap(), Subscription::Upstream(frames()));
        subscriber.send_upstream("").await.unwrap();
        assert_eq!(publisher.recv().await.unwrap(), Subscription::Upstream([""].into()));

        publisher.send_multipart(["a", "data"]).await.unwrap();
        assert_eq!(subscriber.recv_multipart().await.unwrap(), Multipart::from(["a", "data"]));
        subscriber.unsubscribe("b").unwrap();
        assert_eq!(publisher.recv().await.unwrap(), Subscription::Unsubscribe("b".into()));
    });
}

#[test]
fn req_rep_in_phases() {
    everywhere::<Req, Rep>(async |req, rep| {
        let client = async {
            let req = req.send("single").await.unwrap();
            let (reply, req) = req.recv().await.unwrap();
            assert_eq!(reply, "SINGLE");
            let (reply, _req) = req.send_multipart(frames()).await.unwrap().recv_multipart().await.unwrap();
            assert_eq!(reply, frames());
        };
        let server = async {
            let (request, rep) = rep.recv().await.unwrap();
            let rep = rep.send(request.to_ascii_uppercase()).await.unwrap();
            let (request, rep) = rep.recv_multipart().await.unwrap();
            rep.send_multipart(request).await.unwrap()
        };
        // The REP stays until its reply has arrived.
        let ((), _rep) = tokio::join!(client, server);
    });
}

#[test]
fn req_rep_in_place() {
    everywhere::<Req, Rep>(async |mut req, mut rep| {
        let client = async {
            for round in 0..10 {
                assert_eq!(req.request(format!("r{round}")).await.unwrap(), format!("R{round}"));
            }
            assert_eq!(req.request_multipart(frames()).await.unwrap(), frames());
        };
        let server = async {
            for _ in 0..10 {
                let request = rep.next_request().await.unwrap();
                let answer = request[0].to_ascii_uppercase();
                request.reply(answer).unwrap();
            }
            let request = rep.next_request().await.unwrap();
            let answer = Multipart::clone(&request);
            request.reply_multipart(answer).unwrap();
        };
        tokio::join!(client, server);
    });
}

#[test]
fn req_rep_blocking() {
    for transport in common::TRANSPORTS {
        let context = Context::new().unwrap();
        let (mut req, rep) = common::ends::<Req, Rep>(&context, &endpoint(transport), false);
        let server = std::thread::spawn(move || {
            let (request, rep) = rep.blocking_recv().unwrap();
            let mut rep = rep.blocking_send(request).unwrap();
            rep.blocking_next_request().unwrap().reply("in place").unwrap();
            let (request, rep) = rep.blocking_recv_multipart().unwrap();
            rep.blocking_send_multipart(request).unwrap()
        });
        assert_eq!(req.blocking_request("in phases").unwrap(), "in phases");
        let (reply, req) = req.blocking_send("again").unwrap().blocking_recv().unwrap();
        assert_eq!(reply, "in place");
        let mut waiting = req.blocking_send_multipart(frames()).unwrap();
        let reply = loop {
            waiting = match waiting.try_recv_multipart() {
                Ok((reply, _)) => break reply,
                Err(not_yet) => not_yet.into_socket(),
            };
        };
        assert_eq!(reply, frames());
        drop(server.join().unwrap());
    }
}

#[test]
fn rep_serves() {
    everywhere::<Req, Rep>(async |mut req, mut rep| {
        let served = rep.serve(async |request: Message| format!("{} bytes", request.len()));
        let asked = async {
            assert_eq!(req.request("12345").await.unwrap(), "5 bytes");
            // The handler has no place for several frames: the answer is an empty message.
            assert_eq!(req.request_multipart(frames()).await.unwrap(), Multipart::from([""]));
            assert_eq!(req.request("").await.unwrap(), "0 bytes");
        };
        tokio::select! {
            served = served => panic!("{served:?}"),
            () = asked => {}
        }
    });
}

#[test]
fn dealer_router() {
    everywhere::<Dealer, Router>(async |mut dealer, mut router| {
        dealer.send("single").await.unwrap();
        let (peer, message) = router.recv().await.unwrap();
        assert_eq!(message, "single");
        dealer.send_multipart(frames()).await.unwrap();
        assert_eq!(router.recv_multipart().await.unwrap(), (peer.clone(), frames()));

        router.send_to(&peer, "back").await.unwrap();
        assert_eq!(dealer.recv().await.unwrap(), "back");
        router.try_send_to(&peer, "tried").unwrap();
        router.blocking_send_to(&peer, "blocked").unwrap();
        router.send_multipart_to(&peer, frames()).await.unwrap();
        assert_eq!(dealer.recv().await.unwrap(), "tried");
        assert_eq!(dealer.recv().await.unwrap(), "blocked");
        assert_eq!(dealer.recv_multipart().await.unwrap(), frames());
    });
}

#[test]
fn dealer_dealer() {
    everywhere::<Dealer, Dealer>(async |mut one, mut other| {
        one.send("ping").await.unwrap();
        assert_eq!(other.recv().await.unwrap(), "ping");
        other.send_multipart(frames()).await.unwrap();
        assert_eq!(one.recv_multipart().await.unwrap(), frames());
    });
}

#[test]
fn dealer_rep_with_a_delimiter() {
    everywhere::<Dealer, Rep>(async |mut dealer, mut rep| {
        dealer.send_multipart(["", "question"]).await.unwrap();
        let request = rep.next_request().await.unwrap();
        assert_eq!(request[0], "question");
        request.reply("answer").unwrap();
        assert_eq!(dealer.recv_multipart().await.unwrap(), Multipart::from(["", "answer"]));
    });
}

#[test]
fn router_serves_req_through_an_envelope() {
    everywhere::<Req, Router>(async |mut req, mut router| {
        let client = async {
            assert_eq!(req.request("single").await.unwrap(), "SINGLE");
            assert_eq!(req.request_multipart(frames()).await.unwrap(), frames());
        };
        let server = async {
            let (envelope, body) = router.recv_request().await.unwrap();
            router.reply(envelope, body[0].to_ascii_uppercase()).await.unwrap();
            let (envelope, body) = router.recv_request().await.unwrap();
            router.reply_multipart(envelope, body).await.unwrap();
        };
        tokio::join!(client, server);
    });
}

#[test]
fn the_other_ways_to_wait() {
    for transport in common::TRANSPORTS {
        let context = Context::new().unwrap();
        let (req, mut router) = common::ends::<Req, Router>(&context, &endpoint(transport), false);
        let waiting = req.blocking_send("one").unwrap();
        let (envelope, body) = router.blocking_recv_request().unwrap();
        router.blocking_reply(envelope, body).unwrap();
        let (answer, req) = waiting.blocking_recv().unwrap();
        assert_eq!(answer, "one");
        let waiting = req.blocking_send("two").unwrap();
        let (envelope, body) = loop {
            match router.try_recv_request() {
                Ok(request) => break request,
                Err(nothing_yet) => assert!(nothing_yet.is_would_block()),
            }
        };
        router.try_reply(envelope.clone(), body).unwrap();
        assert!(matches!(router.try_reply(envelope, Multipart::new()), Err(Error::EmptyMultipart { .. })));
        assert_eq!(waiting.blocking_recv().unwrap().0, "two");

        let (mut dealer, mut router) = common::ends::<Dealer, Router>(&context, &endpoint(transport), true);
        dealer.blocking_send("hello").unwrap();
        let (peer, _) = router.blocking_recv().unwrap();
        router.blocking_send_multipart_to(&peer, frames()).unwrap();
        router.try_send_multipart_to(&peer, frames()).unwrap();
        assert_eq!(dealer.blocking_recv_multipart().unwrap(), frames());
        assert_eq!(dealer.blocking_recv_multipart().unwrap(), frames());

        let (req, mut rep) = common::ends::<Req, Rep>(&context, &endpoint(transport), false);
        let waiting = req.blocking_send("question").unwrap();
        loop {
            match rep.try_next_request() {
                Ok(request) => break request.reply("answer").unwrap(),
                Err(nothing_yet) => assert!(nothing_yet.is_would_block()),
            }
        }
        assert_eq!(waiting.blocking_recv().unwrap().0, "answer");

        let (mut publisher, subscriber) = common::ends::<XPub, XSub>(&context, &endpoint(transport), true);
        let mut subscriber = subscriber.subscribe("a");
        assert_eq!(publisher.blocking_recv().unwrap(), Subscription::Subscribe("a".into()));
        subscriber.try_send_upstream(frames()).unwrap();
        assert_eq!(publisher.blocking_recv().unwrap(), Subscription::Upstream(frames()));
    }
    let mut server = Context::new().unwrap().socket::<Stream>().unwrap().bind("tcp://127.0.0.1:*").unwrap();
    let mut client = std::net::TcpStream::connect(("127.0.0.1", server.address().port().unwrap())).unwrap();
    let StreamEvent::Connected(peer) = server.blocking_recv().unwrap() else { panic!("not connected") };
    server.blocking_send_to(&peer, "bye").unwrap();
    let mut heard = [0; 3];
    std::io::Read::read_exact(&mut client, &mut heard).unwrap();
    server.blocking_close_peer(&peer).unwrap();
    assert_eq!(std::io::Read::read(&mut client, &mut heard).unwrap(), 0);
}

#[test]
fn an_envelope_goes_back_through_a_broker() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut front = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut server = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut back = context.socket::<Dealer>().unwrap().connect(server.address()).unwrap();
        let mut clients: Vec<_> =
            (0..3).map(|_| context.socket::<Req>().unwrap().connect(front.address()).unwrap()).collect();

        let broker = tokio::spawn(async move {
            loop {
                tokio::select! {
                    request = front.recv_multipart() => {
                        let (client, mut frames) = request?;
                        frames.push_front(client.as_bytes());
                        back.send_multipart(frames).await?;
                    }
                    reply = back.recv_multipart() => {
                        let mut frames = reply?;
                        let client = frames.pop_front().unwrap();
                        // An id that libzmq made up cannot be named: the broker passes on the frames as they are.
                        assert_eq!(client.first(), Some(&0));
                        frames.push_front(client);
                        forward(&mut front, frames).await?;
                    }
                }
            }
            #[allow(unreachable_code)]
            Ok::<(), Error>(())
        });
        let serving = tokio::spawn(async move {
            for _ in 0..30 {
                let (envelope, body) = server.recv_request().await.unwrap();
                assert_ne!(envelope.peer().as_bytes(), b"");
                server.reply_multipart(envelope, body).await.unwrap();
            }
            server
        });
        for round in 0..10 {
            for (number, client) in clients.iter_mut().enumerate() {
                let question = format!("{number}/{round}");
                assert_eq!(client.request(&question).await.unwrap(), question);
            }
        }
        let _server = serving.await.unwrap();
        context.shutdown();
        assert!(matches!(broker.await.unwrap(), Err(Error::ContextTerminated { .. })));
    }));
}

/// Sends to the peer whose id, as bytes, stands in front.
async fn forward<M: Attached>(front: &mut Socket<Router, M>, mut frames: Multipart) -> Result<(), Error> {
    let id = frames.pop_front().unwrap();
    front.send_multipart_to(&RoutingId::from_received(&id)?, frames).await
}

#[test]
fn router_router_by_name() {
    multi_thread().block_on(within(async {
        for transport in common::TRANSPORTS {
            let context = Context::new().unwrap();
            let (north, south) = (RoutingId::new("north").unwrap(), RoutingId::new("south").unwrap());
            let mut there = context.socket::<Router>().unwrap().bind(endpoint(transport)).unwrap();
            let here = context.socket::<Router>().unwrap().routing_id(&south);
            let mut here = here.connect_as(&north, there.address()).unwrap();

            here.send_to(&north, "hello").await.unwrap();
            assert_eq!(there.recv().await.unwrap(), (south.clone(), "hello".into()));
            there.send_to(&south, "hello yourself").await.unwrap();
            assert_eq!(here.recv().await.unwrap(), (north.clone(), "hello yourself".into()));

            let again = here.also_connect_as(&north, there.address()).unwrap_err();
            assert!(matches!(again, Error::DuplicateName { .. }), "{again:?}");
        }
    }));
}

#[test]
fn a_name_that_a_peer_has_brought_is_not_given_to_two() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let north = RoutingId::new("north").unwrap();
        for transport in TRANSPORTS {
            // Somebody is there under that name. libzmq would abort the process when it is given to another.
            let mut router = context.socket::<Router>().unwrap().bind(endpoint(transport)).unwrap();
            let impostor = context.socket::<Dealer>().unwrap().routing_id(&north);
            let mut impostor = impostor.connect(router.address()).unwrap();
            impostor.send("I am north").await.unwrap();
            assert_eq!(router.recv().await.unwrap(), (north.clone(), "I am north".into()));
            let mut there = context.socket::<Router>().unwrap().bind(endpoint(transport)).unwrap();
            router.also_connect_as(&north, there.address()).unwrap();
            impostor.send("still I").await.unwrap();

            router.send_to(&north, "hello").await.unwrap();
            let (name, hello) = there.recv().await.unwrap();
            assert_eq!(hello, "hello");
            there.send_to(&name, "hello yourself").await.unwrap();
            // Of the impostor nothing is heard any more.
            assert_eq!(router.recv().await.unwrap(), (north.clone(), "hello yourself".into()));
            assert!(router.try_recv().unwrap_err().is_would_block());
            assert!(impostor.try_recv().unwrap_err().is_would_block());
            let again = router.also_connect_as(&north, there.address()).unwrap_err();
            assert!(matches!(again, Error::DuplicateName { .. }), "{again:?}");

            // One that libzmq made up is none to give.
            let mut nameless = context.socket::<Dealer>().unwrap().connect(router.address()).unwrap();
            nameless.send("who am I?").await.unwrap();
            let (made_up, _) = router.recv().await.unwrap();
            let error = router.also_connect_as(&made_up, there.address()).unwrap_err();
            assert!(matches!(error, Error::RoutingId { .. }), "{error:?}");
            let error = context.socket::<Dealer>().unwrap().routing_id(&made_up).connect(router.address()).unwrap_err();
            assert!(matches!(error, Error::RoutingId { .. }), "{error:?}");
        }
        // A name that found no peer is free, and does not go to the next one.
        let mut there = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
        let other = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut router = context.socket::<Router>().unwrap().connect(other.address()).unwrap();
        assert!(router.also_connect_as(&north, "tcp://127.0.0.1:0").is_err());
        router.also_connect(there.address()).unwrap();
        let unknown = router.try_send_to(&north, "nobody yet").unwrap_err();
        assert!(unknown.to_string().contains("\"north\""), "{unknown}");
        router.disconnect(there.address()).unwrap();
        router.also_connect_as(&north, there.address()).unwrap();
        router.send_to(&north, "you").await.unwrap();
        assert_eq!(there.recv().await.unwrap().1, "you");
    }));
}

#[test]
fn stream_serves_plain_tcp() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut server = context.socket::<Stream>().unwrap().bind("tcp://127.0.0.1:*").unwrap();
        let mut client = TcpStream::connect(("127.0.0.1", server.address().port().unwrap())).await.unwrap();

        let StreamEvent::Connected(peer) = server.recv().await.unwrap() else { panic!("not connected") };
        client.write_all(b"hello").await.unwrap();
        let mut heard = Vec::new();
        while heard.len() < 5 {
            let StreamEvent::Data(from, bytes) = server.recv().await.unwrap() else { panic!("no data") };
            assert_eq!(from, peer);
            heard.extend_from_slice(&bytes);
        }
        assert_eq!(heard, b"hello");
        server.send_to(&peer, "wel").await.unwrap();
        server.send_to(&peer, "come").await.unwrap();
        let mut answer = [0; 7];
        client.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"welcome");
        let empty = server.send_to(&peer, "").await.unwrap_err();
        assert!(matches!(empty, Error::EmptyData { .. }), "{empty:?}");
        drop(client);
        assert_eq!(server.recv().await.unwrap(), StreamEvent::Disconnected(peer.clone()));
        // The connection's end is told before libzmq has forgotten it.
        let gone = loop {
            match server.try_send_to(&peer, "anyone?") {
                Err(error @ Error::Unroutable { .. }) => break error,
                Ok(()) | Err(Error::WouldBlock { .. }) => tokio::task::yield_now().await,
                Err(error) => panic!("{error:?}"),
            }
        };
        assert_eq!(gone.into_message().unwrap(), Multipart::from(["anyone?"]));

        // Closed from this side.
        let mut client = TcpStream::connect(("127.0.0.1", server.address().port().unwrap())).await.unwrap();
        let StreamEvent::Connected(peer) = server.recv().await.unwrap() else { panic!("not connected") };
        server.send_to(&peer, "bye").await.unwrap();
        let mut rest = [0; 3];
        client.read_exact(&mut rest).await.unwrap();
        server.close_peer(&peer).await.unwrap();
        assert_eq!(client.read(&mut rest).await.unwrap(), 0);
        server.close_peer(&peer).await.unwrap();
    }));
}

#[test]
fn stream_is_a_client_of_plain_tcp() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("tcp://{}", listener.local_addr().unwrap());
        let mut client = context.socket::<Stream>().unwrap().connect(&address).unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        let StreamEvent::Connected(peer) = client.recv().await.unwrap() else { panic!("not connected") };
        client.send_to(&peer, "GET /").await.unwrap();
        let mut request = [0; 5];
        server.read_exact(&mut request).await.unwrap();
        assert_eq!(&request, b"GET /");
        server.write_all(b"200").await.unwrap();
        assert_eq!(client.recv().await.unwrap(), StreamEvent::Data(peer.clone(), "200".into()));
        drop(server);
        assert_eq!(client.recv().await.unwrap(), StreamEvent::Disconnected(peer));
    }));
}

#[test]
fn a_socket_has_many_endpoints() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
        let second = pull.also_bind(endpoint("ipc")).unwrap();
        let push_bound = context.socket::<Push>().unwrap().bind(endpoint("inproc")).unwrap();
        pull.also_connect(push_bound.address()).unwrap();
        assert_eq!(pull.addresses().count(), 2);

        let mut pushes = vec![push_bound.either()];
        for address in [pull.address(), second.clone()] {
            pushes.push(context.socket::<Push>().unwrap().connect(address).unwrap().either());
        }
        for push in &mut pushes {
            push.send("here").await.unwrap();
            assert_eq!(pull.recv().await.unwrap(), "here");
        }

        pull.unbind(second.clone()).unwrap();
        pull.disconnect(pushes[0].addresses().next().unwrap()).unwrap();
        assert_eq!(pull.addresses().collect::<Vec<_>>(), [pull.address()]);
        assert!(matches!(pull.unbind(second), Err(Error::NotAttached { .. })));
        // The address is free again, sooner or later: libzmq closes it on another thread.
        let first = pull.address();
        pull.unbind(&first).unwrap();
        while pull.also_bind(&first).is_err() {
            tokio::task::yield_now().await;
        }
    }));
}
