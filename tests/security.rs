//! Who gets in, and who does not: PLAIN, addresses, and what decides about them. CURVE is in `curve.rs`.

use std::future::pending;
use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use zmq_typestate::{
    Addresses, Bound, Connected, Context, Dealer, Error, Filtered, HandshakeFailure, Linger, Monitor, MonitorEventKind,
    Plain, PlainClient, PlainServer, PlainUsers, Pub, Pull, Push, Rep, Req, Router, Socket, Sub, Termination,
    ZapDomain, ZapHandler, ZapReply, ZapRequest,
};

mod common;

use common::wire::{COMMAND, Stranger, frame, greeting, ready};
use common::{Random, current_thread, endpoint, failure, multi_thread, within};

async fn refusal(monitor: &mut Monitor) -> u32 {
    match failure(monitor).await {
        HandshakeFailure::Refused(status) => status,
        other => panic!("{other}"),
    }
}

struct Server {
    context: Context,
    pull: Socket<Pull, Bound<Plain>>,
    monitor: Monitor,
}

impl Server {
    fn new(context: Context, domain: &ZapDomain<Plain>) -> Self {
        let mut pull = context.socket::<Pull>().unwrap().plain_server(&PlainServer::unencrypted(domain));
        let monitor = pull.monitor().unwrap();
        let pull = pull.bind(endpoint("tcp")).unwrap();
        Self { context, pull, monitor }
    }

    fn client(&self, username: &str, password: &str) -> Socket<Push, Connected<Plain>> {
        let client = PlainClient::unencrypted(username, password).unwrap();
        self.context.socket::<Push>().unwrap().plain_client(&client).connect(self.pull.address()).unwrap()
    }

    /// Somebody who may get in does.
    async fn serves(&mut self, username: &str, password: &str) {
        self.client(username, password).send(username).await.unwrap();
        let message = self.pull.recv().await.unwrap();
        assert_eq!(message, username);
        assert_eq!(message.metadata("User-Id"), Some(username));
        assert_eq!(message.metadata("Peer-Address"), Some("127.0.0.1"));
    }
}

fn users() -> PlainUsers {
    PlainUsers::from_iter([("ann", "apple"), ("bob", "banana")])
}

#[test]
fn users_with_their_passwords_get_in_and_nobody_else() {
    for runtime in [current_thread(), multi_thread()] {
        runtime.block_on(within(async {
            let context = Context::new().unwrap();
            let zap = ZapHandler::start(&context).unwrap();
            let users = users();
            let mut server = Server::new(context, &zap.domain("fruit", users.clone()).unwrap());
            server.serves("ann", "apple").await;
            server.serves("bob", "banana").await;
            for (username, password) in
                [("ann", "banana"), ("ann", "appl"), ("ann", "apples"), ("eve", "apple"), ("Ann", "apple")]
            {
                let mut client = server.client(username, password);
                client.send("let me in").await.unwrap();
                assert_eq!(refusal(&mut server.monitor).await, 400, "{username} {password}");
                assert!(server.pull.try_recv().unwrap_err().is_would_block());
            }
            server.serves("bob", "banana").await;

            // What is changed holds from then on: a connection that stands is not asked about again.
            let mut ann = server.client("ann", "apple");
            ann.send("before").await.unwrap();
            assert_eq!(server.pull.recv().await.unwrap(), "before");
            assert!(users.remove("ann"));
            assert!(!users.remove("ann"));
            ann.send("after").await.unwrap();
            assert_eq!(server.pull.recv().await.unwrap(), "after");
            let mut again = server.client("ann", "apple");
            again.send("again").await.unwrap();
            while refusal(&mut server.monitor).await != 400 {}
            users.insert("cid", "cherry");
            users.insert("bob", "blueberry");
            server.serves("cid", "cherry").await;
            server.serves("bob", "blueberry").await;
            assert!(server.pull.try_recv().unwrap_err().is_would_block());
        }));
    }
}

#[test]
fn every_pattern_and_transport_has_plain() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let domain = ZapHandler::start(&context).unwrap().domain("fruit", users()).unwrap();
        let server = PlainServer::unencrypted(&domain);
        let client = PlainClient::unencrypted("ann", "apple").unwrap();
        for transport in ["tcp", "ipc", "ws"] {
            let replies = context.socket::<Rep>().unwrap().plain_server(&server).bind(endpoint(transport)).unwrap();
            let asks = context.socket::<Req>().unwrap().plain_client(&client).connect(replies.address()).unwrap();
            let (question, answer) =
                tokio::join!(async { replies.recv().await.map_err(Error::from).unwrap() }, asks.send("question"),);
            let (message, replies) = question;
            assert_eq!((&*message, message.metadata("User-Id")), (&b"question"[..], Some("ann")));
            let _replies = replies.send("answer").await.map_err(Error::from).unwrap();
            let (answer, _asks) = answer.map_err(Error::from).unwrap().recv().await.map_err(Error::from).unwrap();
            assert_eq!(answer, "answer");

            // The side that asks for the password receives.
            let news = context.socket::<Sub>().unwrap().plain_server(&server).bind(endpoint(transport)).unwrap();
            let mut news = news.subscribe("");
            let mut out = context.socket::<Pub>().unwrap().plain_client(&client).connect(news.address()).unwrap();
            let headline = async {
                loop {
                    out.send("headline").await.unwrap();
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                () = headline => {}
                headline = news.recv() => assert_eq!(headline.unwrap().metadata("User-Id"), Some("ann")),
            }

            let mut router =
                context.socket::<Router>().unwrap().plain_server(&server).bind(endpoint(transport)).unwrap();
            let dealer = context.socket::<Dealer>().unwrap().plain_client(&client);
            let mut dealer = dealer.connect(router.address()).unwrap();
            dealer.send_multipart(["a", "b"]).await.unwrap();
            let (peer, frames) = router.recv_multipart().await.unwrap();
            // All frames bear it.
            assert!(frames.iter().all(|frame| frame.metadata("User-Id") == Some("ann")));
            router.send_to(&peer, "c").await.unwrap();
            assert_eq!(dealer.recv().await.unwrap(), "c");
        }
    }));
}

#[test]
fn a_peer_without_credentials_gets_nothing_and_gives_nothing() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut server =
            Server::new(context.clone(), &ZapHandler::start(&context).unwrap().domain("fruit", users()).unwrap());
        let mut open = context.socket::<Push>().unwrap().connect(server.pull.address()).unwrap();
        open.send("in the clear").await.unwrap();
        assert!(matches!(failure(&mut server.monitor).await, HandshakeFailure::Protocol(_)));
        server.serves("ann", "apple").await;
        assert!(server.pull.try_recv().unwrap_err().is_would_block());

        // And the other way round: a client that logs in does not talk to somebody who did not ask.
        let mut pull = context.socket::<Pull>().unwrap();
        let mut monitor = pull.monitor().unwrap();
        let mut pull = pull.bind(endpoint("tcp")).unwrap();
        let client = PlainClient::unencrypted("ann", "apple").unwrap();
        let mut push = context.socket::<Push>().unwrap().plain_client(&client).connect(pull.address()).unwrap();
        push.send("for the server").await.unwrap();
        assert!(matches!(failure(&mut monitor).await, HandshakeFailure::Protocol(_)));
        assert!(pull.try_recv().unwrap_err().is_would_block());
    }));
}

fn local() -> IpAddr {
    "127.0.0.1".parse().unwrap()
}

#[test]
fn addresses_are_let_in_or_kept_out() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let zap = ZapHandler::start(&context).unwrap();
        let addresses = Addresses::only([]);
        let domain = zap.domain("local", addresses.clone()).unwrap();
        let mut pull = context.socket::<Pull>().unwrap().zap_domain(&domain);
        let mut monitor = pull.monitor().unwrap();
        let mut pull: Socket<Pull, Bound<Filtered>> = pull.bind(endpoint("tcp")).unwrap();
        let connect = || context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
        let mut first = connect();
        first.send("first").await.unwrap();
        assert_eq!(refusal(&mut monitor).await, 400);
        // It would come again, and then be let in.
        first.close_within(Linger::Drop);
        assert!(addresses.insert(local()));
        assert!(!addresses.insert("::ffff:127.0.0.1".parse().unwrap()), "the same, as IPv6 has it");
        let mut second = connect();
        second.send("second").await.unwrap();
        let message = pull.recv().await.unwrap();
        assert_eq!((&*message, message.metadata("User-Id")), (&b"second"[..], Some("anonymous")));
        drop(second);

        // With users: both have to allow.
        let blocked = Addresses::all_but([local()]);
        let mut server = Server::new(context, &zap.domain("fruit", (blocked.clone(), users())).unwrap());
        let mut ann = server.client("ann", "apple");
        ann.send("too early").await.unwrap();
        assert_eq!(refusal(&mut server.monitor).await, 400);
        drop(ann);
        assert!(blocked.remove(local()));
        server.serves("bob", "banana").await;
        server.client("bob", "apple").send("wrong").await.unwrap();
        assert_eq!(refusal(&mut server.monitor).await, 400);
    }));
}

#[test]
fn a_closure_decides_and_where_it_fails_nobody_gets_in() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let policy = move |login: ZapRequest<Plain>| {
            count.fetch_add(1, Ordering::Relaxed);
            assert_ne!(login.username(), "panics at once");
            async move {
                assert_eq!((login.mechanism(), login.domain(), login.identity()), ("PLAIN", "callback", &b""[..]));
                assert_eq!((login.address(), login.peer_address()), (Some(local()), "127.0.0.1"));
                assert!(!format!("{login:?}").contains("secret"), "{login:?}");
                match login.username() {
                    "panics" => panic!("as it is meant to"),
                    "hangs" => pending().await,
                    "slow" => tokio::time::sleep(Duration::from_millis(50)).await,
                    _ => {}
                }
                match login.password() {
                    b"secret" => ZapReply::allow(login.username()),
                    _ => ZapReply::deny("wrong password"),
                }
            }
        };
        let mut server =
            Server::new(context.clone(), &ZapHandler::start(&context).unwrap().domain("callback", policy).unwrap());
        let mut hangs = server.client("hangs", "secret");
        hangs.send("never").await.unwrap();
        while asked.load(Ordering::Relaxed) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // One that thinks holds up nobody.
        server.serves("quick", "secret").await;
        server.serves("slow", "secret").await;
        for (username, password, status) in
            [("panics at once", "secret", 400), ("panics", "secret", 500), ("quick", "wrong", 400)]
        {
            let mut client = server.client(username, password);
            client.send("let me in").await.unwrap();
            assert_eq!(refusal(&mut server.monitor).await, status, "{username}");
            server.serves("quick", "secret").await;
        }
        // After ten seconds.
        while refusal(&mut server.monitor).await != 500 {}
        assert!(server.pull.try_recv().unwrap_err().is_would_block());
    }));
}

#[test]
fn without_the_runtime_of_the_handler_nobody_gets_in_until_it_goes_on_in_another() {
    let context = Context::new().unwrap();
    assert!(matches!(ZapHandler::start(&context), Err(Error::NoRuntime { .. })));
    let gone = current_thread();
    let (domain, pull, monitor) = gone.block_on(async {
        let domain = ZapHandler::start(&context).unwrap().domain("fruit", users()).unwrap();
        let server = PlainServer::unencrypted(&domain);
        let pull = context.socket::<Pull>().unwrap().plain_server(&server);
        let mut pull = pull.handshake_interval(Duration::from_millis(200));
        let monitor = pull.monitor().unwrap();
        (domain, pull.bind(endpoint("tcp")).unwrap(), monitor)
    });
    drop(gone);
    let mut server = Server { context: context.clone(), pull, monitor };
    current_thread().block_on(within(async {
        let mut ann = server.client("ann", "apple");
        ann.send("waits").await.unwrap();
        // The first handshake ends with its time.
        loop {
            let event = server.monitor.recv().await.unwrap().unwrap();
            assert!(!matches!(event.kind, MonitorEventKind::HandshakeSucceeded));
            if matches!(event.kind, MonitorEventKind::Disconnected) {
                break;
            }
        }
        assert!(server.pull.try_recv().unwrap_err().is_would_block());
        // Here it goes on; the client comes back by itself.
        ZapHandler::start(&context).unwrap();
        assert_eq!(server.pull.recv().await.unwrap(), "waits");
        assert_eq!(domain.name(), "fruit");
    }));
}

#[test]
fn a_handler_is_one_for_its_context_and_does_not_hold_it_up() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let zap = ZapHandler::start(&context).unwrap();
        let domain: ZapDomain<Plain> = zap.domain("fruit", users()).unwrap();
        let again = ZapHandler::start(&context).unwrap();
        assert!(matches!(
            again.domain::<Plain>("fruit", users()),
            Err(Error::ZapDomain { domain, .. }) if domain == "fruit"
        ));
        for name in [String::new(), "x".repeat(256)] {
            assert!(matches!(again.domain::<Plain>(name, users()), Err(Error::ZapDomain { .. })));
        }
        drop(domain);
        let domain: ZapDomain<Plain> = again.domain("fruit", users()).unwrap();

        let other = Context::new().unwrap();
        let server = PlainServer::unencrypted(&domain);
        let foreign = other.socket::<Pull>().unwrap().plain_server(&server).bind(endpoint("tcp"));
        let error = foreign.unwrap_err();
        assert!(matches!(&error, Error::ForeignZapDomain { socket: "PULL", domain } if domain == "fruit"), "{error}");

        // Handler, domain and server are still held.
        assert_eq!(context.terminate().await, Termination::InTime);
        assert!(matches!(zap.domain::<Plain>("late", users()), Err(Error::ContextTerminated { .. })));
        let late = other.socket::<Pull>().unwrap().plain_server(&server).bind(endpoint("tcp"));
        assert!(matches!(late, Err(Error::ContextTerminated { .. })));

        // A context that is dropped goes on for the sockets that need the handler.
        let context = Context::new().unwrap();
        let domain = ZapHandler::start(&context).unwrap().domain("fruit", users()).unwrap();
        let mut server = Server::new(context.clone(), &domain);
        let client = server.client("ann", "apple");
        drop(context);
        drop(client);
        server.serves("bob", "banana").await;
    }));
}

#[test]
fn there_is_no_security_where_libzmq_has_none() {
    current_thread().block_on(async {
        let context = Context::new().unwrap();
        let domain = ZapHandler::start(&context).unwrap().domain("fruit", users()).unwrap();
        let pull = context.socket::<Pull>().unwrap().plain_server(&PlainServer::unencrypted(&domain));
        let error = pull.bind(endpoint("inproc")).unwrap_err();
        assert!(error.to_string().contains("PULL cannot bind inproc://"), "{error}");
        assert!(error.to_string().contains("with ZMQ_PLAIN_SERVER: libzmq has no security"), "{error}");
        // What is asked about binds; over ws libzmq does not ask about everybody.
        let server = PlainServer::unencrypted(&domain);
        let error = context.socket::<Pull>().unwrap().plain_server(&server).connect("tcp://127.0.0.1:1").unwrap_err();
        assert!(error.to_string().contains("bind it"), "{error}");
        let mut pull = context.socket::<Pull>().unwrap().plain_server(&server).bind(endpoint("tcp")).unwrap();
        assert!(matches!(pull.also_connect("tcp://127.0.0.1:1"), Err(Error::NotWithOption { .. })));
        let filter = ZapHandler::start(&context).unwrap().domain("nobody", Addresses::only([])).unwrap();
        let error = context.socket::<Pull>().unwrap().zap_domain(&filter).bind(endpoint("ws")).unwrap_err();
        assert!(matches!(&error, Error::NotWithOption { option: "ZMQ_ZAP_DOMAIN", .. }), "{error}");
        let error = context.socket::<Pull>().unwrap().zap_domain(&filter).connect("tcp://127.0.0.1:1").unwrap_err();
        assert!(matches!(&error, Error::NotWithOption { option: "ZMQ_ZAP_DOMAIN", .. }), "{error}");
        let client = PlainClient::unencrypted("ann", "apple").unwrap();
        let mut push = context.socket::<Push>().unwrap().plain_client(&client).connect("tcp://127.0.0.1:1").unwrap();
        let error = push.also_connect(endpoint("inproc")).unwrap_err();
        assert!(matches!(error, Error::NotWithOption { option: "ZMQ_PLAIN_USERNAME", .. }), "{error}");
    });
}

#[test]
fn nobody_gives_himself_a_user_id() {
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap().recv_timeout(common::DEADLINE).bind(endpoint("tcp")).unwrap();
    // libzmq would tell it as that of the peer: what a ZAP handler adds and what a peer says of itself look the same there.
    let mut stranger = Stranger::connect(&pull.address().to_string()).unwrap();
    stranger.shake_hands("PUSH", &[("User-Id", b"admin")]).unwrap();
    stranger.frame(0, b"hello").unwrap();
    let message = pull.blocking_recv().unwrap();
    assert_eq!((&*message, message.metadata("Socket-Type")), (&b"hello"[..], Some("PUSH")));
    assert_eq!(message.metadata("User-Id"), None);
}

#[test]
fn strangers_bytes_do_not_stop_a_server_and_nobody_gets_in_by_them() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let zap = ZapHandler::start(&context).unwrap();
        let mut server = Server::new(context, &zap.domain("fruit", users()).unwrap());
        let address = server.pull.address().to_string();
        let mut plain = greeting(3, 1);
        plain[12..17].copy_from_slice(b"PLAIN");
        let hello = b"\x05HELLO\x03eve\x05apple";
        let initiate = [b"\x08INITIATE", &ready(&[("Socket-Type", b"PUSH")])[6..]].concat();
        let mut random = Random::new(0x5eed);
        let mut half_open = Vec::new();
        for attempt in 0..700 {
            let mut noise = || random.below(256) as u8;
            let first = match attempt % 7 {
                // A HELLO of one byte more, or one that is another one.
                0 => [&hello[..], &[noise()]].concat(),
                // Lengths that are not those of what follows.
                1 => [b"\x05HELLO", &[noise()][..], b"eve", &[noise()], b"apple"].concat(),
                // It ends somewhere.
                2 => hello[..usize::from(noise()) % hello.len()].to_vec(),
                3 => hello.iter().map(|byte| if noise() < 16 { noise() } else { *byte }).collect(),
                // Past the question, or as if there were none.
                4 => initiate.clone(),
                5 => ready(&[("Socket-Type", b"PUSH")]),
                _ => hello.to_vec(),
            };
            let mut stranger = Stranger::connect(&address).unwrap();
            let attack = [&plain[..], &frame(false, COMMAND, &first), &frame(false, COMMAND, &initiate)].concat();
            // The server may close while this is being written.
            let _ = stranger.write_all(&[attack, frame(false, 0, b"let me in")].concat());
            match random.below(3) {
                0 => half_open.push(stranger),
                1 => stranger.finish(),
                _ => stranger.reset(),
            }
            if attempt % 100 == 99 {
                server.serves("ann", "apple").await;
            }
        }
        assert!(server.pull.try_recv().unwrap_err().is_would_block());
    }));
}

#[test]
fn a_req_that_gives_up_logs_in_again() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let domain = ZapHandler::start(&context).unwrap().domain("fruit", users()).unwrap();
        let server = PlainServer::unencrypted(&domain);
        let mut router = context.socket::<Router>().unwrap().plain_server(&server).bind(endpoint("tcp")).unwrap();
        let client = PlainClient::unencrypted("ann", "apple").unwrap();
        let mut req = context.socket::<Req>().unwrap().plain_client(&client).connect(router.address()).unwrap();
        tokio::select! {
            biased;
            _ = req.request("given up") => panic!("nobody answers"),
            request = router.recv_request() => assert_eq!(request.unwrap().1[0], "given up"),
        }
        let (answer, ()) = tokio::join!(req.request("kept"), async {
            let (envelope, body) = router.recv_request().await.unwrap();
            assert_eq!((&*body[0], body[0].metadata("User-Id")), (&b"kept"[..], Some("ann")));
            router.reply(envelope, "answer").await.unwrap();
        });
        assert_eq!(answer.unwrap(), "answer");
    }));
}

#[test]
fn credentials_have_a_length_and_are_not_told() {
    for wrong in [String::new(), "long-secret".repeat(30)] {
        for error in [PlainClient::unencrypted(&wrong, "x"), PlainClient::unencrypted("x", &wrong)] {
            let error = error.unwrap_err();
            assert!(error.to_string().contains("1 to 255 bytes"), "{error}");
            assert!(!format!("{error} {error:?}").contains("long-secret"), "{error}");
        }
    }
    let client = PlainClient::unencrypted("ann", "the-password").unwrap();
    assert_eq!(format!("{client:?}"), "PlainClient(\"ann\")");
    let users = PlainUsers::from_iter([("ann", "the-password")]);
    assert_eq!(format!("{users:?}"), "PlainUsers { users: 1, .. }");
    let context = Context::new().unwrap();
    let socket = context.socket::<Push>().unwrap().plain_client(&client);
    assert!(!format!("{socket:?}").contains("the-password"));
}
