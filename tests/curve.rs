//! CURVE: who gets in, and what gets through.

#![cfg(feature = "curve")]

use std::collections::HashSet;
use std::fmt::{Debug, Display};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use static_assertions::{assert_impl_all, assert_not_impl_any};
use zeroize::ZeroizeOnDrop;
use zmq_typestate::{
    Addresses, Bound, CanConnect, Connected, Context, Curve, CurveClient, CurveKeys, CurveServer, Dealer, Error,
    HandshakeFailure, KeyError, KeyPair, Linger, Monitor, Pair, Pub, PublicKey, Pull, Push, Rep, Req, Router,
    SecretKey, Socket, SocketType, Sub, XPub, XSub, ZapHandler, ZapReply, ZapRequest, Zmtp,
};

mod common;

use common::{Random, TRANSPORTS, current_thread, endpoint, failure, multi_thread, within};

assert_impl_all!(SecretKey: ZeroizeOnDrop, Send, Sync);
assert_not_impl_any!(SecretKey: Clone, Debug, Display, PartialEq, PartialOrd, std::hash::Hash, AsRef<[u8]>);
assert_not_impl_any!(KeyPair: Clone, Display, PartialEq);

/// Waits for a handshake that fails for this reason: one that failed before may have been tried again.
async fn fails(monitor: &mut Monitor, why: &str) {
    while !failure(monitor).await.to_string().contains(why) {}
}

struct Server {
    context: Context,
    key: PublicKey,
    known: CurveKeys,
    pull: Socket<Pull, Bound<Curve>>,
    monitor: Monitor,
}

impl Server {
    /// Of any runtime that goes on.
    fn new() -> Self {
        Self::with(CurveKeys::new(), |pull| pull)
    }

    fn with(known: CurveKeys, options: impl FnOnce(Socket<Pull>) -> Socket<Pull>) -> Self {
        let context = Context::new().unwrap();
        let domain = ZapHandler::start(&context).unwrap().domain("fleet", known.clone()).unwrap();
        let keys = KeyPair::generate();
        let key = keys.public_key();
        let mut pull =
            options(context.socket::<Pull>().unwrap()).curve_server(&CurveServer::new(keys).authenticate(&domain));
        let monitor = pull.monitor().unwrap();
        let pull = pull.bind(endpoint("tcp")).unwrap();
        Self { context, key, known, pull, monitor }
    }

    fn client(&self, server_key: PublicKey, own: KeyPair) -> Socket<Push, Connected<Curve>> {
        let client = CurveClient::new(server_key, own);
        self.context.socket::<Push>().unwrap().curve_client(&client).connect(self.pull.address()).unwrap()
    }

    /// Somebody who may get in does.
    async fn serves(&mut self) {
        let own = KeyPair::generate();
        let key = own.public_key();
        self.known.insert(key);
        self.client(self.key, own).send("honest").await.unwrap();
        let message = self.pull.recv().await.unwrap();
        assert_eq!(message, "honest");
        assert_eq!(message.metadata("User-Id"), Some(&*key.to_string()));
        assert_eq!(message.metadata("Peer-Address"), Some("127.0.0.1"));
        self.known.remove(&key);
    }

    fn got_nothing(&mut self) {
        assert!(self.pull.try_recv().unwrap_err().is_would_block());
    }
}

#[test]
fn known_clients_get_in_and_nobody_else() {
    for runtime in [current_thread(), multi_thread()] {
        runtime.block_on(within(async {
            let mut server = Server::new();
            server.serves().await;

            let mut unknown = server.client(server.key, KeyPair::generate());
            unknown.send("unknown key").await.unwrap();
            fails(&mut server.monitor, "refused with status 400").await;
            unknown.close_within(Linger::Drop);
            server.got_nothing();
            server.serves().await;

            // A client that waits for another server says nothing to this one.
            let own = KeyPair::generate();
            server.known.insert(own.public_key());
            let mut misled = server.client(KeyPair::generate().public_key(), own);
            misled.send("wrong server").await.unwrap();
            fails(&mut server.monitor, "encryption is wrong, or its key").await;
            misled.close_within(Linger::Drop);
            server.got_nothing();
            server.serves().await;

            let mut open = server.context.socket::<Push>().unwrap().connect(server.pull.address()).unwrap();
            open.send("in the clear").await.unwrap();
            fails(&mut server.monitor, "another security mechanism").await;
            open.close_within(Linger::Drop);
            server.got_nothing();
            server.serves().await;

            // A revoked key: who is connected stays, and does not come back.
            let own = KeyPair::generate();
            let (key, secret) = (own.public_key(), own.secret_key().expose_z85());
            server.known.insert_as(key, "truck 17");
            let mut truck = server.client(server.key, own);
            truck.send("before").await.unwrap();
            assert_eq!(server.pull.recv().await.unwrap().metadata("User-Id"), Some("truck 17"));
            assert!(server.known.remove(&key) && !server.known.contains(&key));
            truck.send("after").await.unwrap();
            assert_eq!(server.pull.recv().await.unwrap(), "after");
            drop(truck);
            let mut again = server.client(server.key, KeyPair::from(secret.parse::<SecretKey>().unwrap()));
            again.send("revoked").await.unwrap();
            fails(&mut server.monitor, "refused with status 400").await;
            again.close_within(Linger::Drop);
            server.got_nothing();
            server.serves().await;
        }));
    }
}

#[test]
fn a_client_tells_nothing_to_a_server_that_does_not_encrypt() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap();
        let mut monitor = pull.monitor().unwrap();
        let mut pull = pull.bind(endpoint("tcp")).unwrap();
        let client = CurveClient::new(KeyPair::generate().public_key(), KeyPair::generate());
        let mut push = context.socket::<Push>().unwrap().curve_client(&client).connect(pull.address()).unwrap();
        push.send("secret").await.unwrap();
        let why = failure(&mut monitor).await;
        assert!(why.to_string().contains("another security mechanism"), "{why}");
        assert!(pull.try_recv().unwrap_err().is_would_block());
        let mut open = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
        open.send("open").await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), "open");
    }));
}

#[test]
fn a_denied_address_and_a_closure_that_fails_keep_a_known_key_out() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let zap = ZapHandler::start(&context).unwrap();
        let (server_keys, own) = (KeyPair::generate(), KeyPair::generate());
        let (server_key, known, secret) = (server_keys.public_key(), own.public_key(), own.secret_key().expose_z85());
        let local = "127.0.0.1".parse().unwrap();
        let blocked = Addresses::all_but([local]);
        let domain = zap.domain("fleet", (blocked.clone(), CurveKeys::from_iter([known]))).unwrap();
        let mut pull = context.socket::<Pull>().unwrap();
        let mut monitor = pull.monitor().unwrap();
        let server = CurveServer::new(server_keys).authenticate(&domain);
        let mut pull = pull.curve_server(&server).bind(endpoint("tcp")).unwrap();
        let client = CurveClient::new(server_key, own);
        let mut push = context.socket::<Push>().unwrap().curve_client(&client).connect(pull.address()).unwrap();
        push.send("from a wrong address").await.unwrap();
        assert!(matches!(failure(&mut monitor).await, HandshakeFailure::Refused(400)));
        assert!(pull.try_recv().unwrap_err().is_would_block());
        blocked.remove(local);
        let mut again = context.socket::<Push>().unwrap().curve_client(&client).connect(pull.address()).unwrap();
        again.send("from a right one").await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), "from a right one");

        let domain = zap
            .domain("panics", move |client: ZapRequest<Curve>| async move {
                assert_ne!(client.public_key(), known, "as it is meant to be");
                ZapReply::allow("somebody else")
            })
            .unwrap();
        let server = CurveServer::new(KeyPair::generate()).authenticate(&domain);
        let mut pull = context.socket::<Pull>().unwrap().curve_server(&server);
        let mut monitor = pull.monitor().unwrap();
        let mut pull = pull.bind(endpoint("tcp")).unwrap();
        let connect = |own: KeyPair| {
            let client = CurveClient::new(server.public_key(), own);
            context.socket::<Push>().unwrap().curve_client(&client).connect(pull.address()).unwrap()
        };
        connect(KeyPair::from(secret.parse::<SecretKey>().unwrap())).send("panics").await.unwrap();
        assert!(matches!(failure(&mut monitor).await, HandshakeFailure::Refused(500)));
        connect(KeyPair::generate()).send("another").await.unwrap();
        let message = pull.recv().await.unwrap();
        assert_eq!((&*message, message.metadata("User-Id")), (&b"another"[..], Some("somebody else")));
    }));
}

type Encrypted<T> = Socket<<T as SocketType>::Fresh, zmq_typestate::Either<Curve>>;

/// Two ends with CURVE.
fn ends<A: SocketType<Fresh: CanConnect + Zmtp>, B: SocketType<Fresh: CanConnect + Zmtp>>(
    context: &Context,
    transport: &str,
    server_binds: bool,
) -> (Encrypted<A>, Encrypted<B>) {
    let server = CurveServer::new(KeyPair::generate()).allow_any_client();
    let client = CurveClient::new(server.public_key(), KeyPair::generate());
    let bind = context.socket::<A>().unwrap();
    let connect = context.socket::<B>().unwrap();
    let (bind, connect) = match server_binds {
        true => (bind.curve_server(&server), connect.curve_client(&client)),
        false => (bind.curve_client(&client), connect.curve_server(&server)),
    };
    let bind = bind.bind(endpoint(transport)).unwrap();
    let connect = connect.connect(bind.address().to_string()).unwrap();
    (bind.either(), connect.either())
}

#[test]
fn every_pattern_and_transport_is_encrypted_from_either_side() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        for transport in TRANSPORTS.into_iter().filter(|transport| *transport != "inproc") {
            for server_binds in [true, false] {
                println!("{transport}, the server {}", if server_binds { "binds" } else { "connects" });
                let (mut one, mut other) = ends::<Pair, Pair>(&context, transport, server_binds);
                for len in [0, 1, 33, 255, 256, 8191, 8192, 100_000] {
                    one.send(vec![len as u8; len]).await.unwrap();
                    assert_eq!(other.recv().await.unwrap(), vec![len as u8; len]);
                    other.send_multipart([vec![1; len], vec![2; len]]).await.unwrap();
                    assert_eq!(one.recv_multipart().await.unwrap()[1], vec![2; len]);
                }
                let (replies, asks) = ends::<Rep, Req>(&context, transport, server_binds);
                let asked = async { asks.send("question").await.unwrap().recv().await.unwrap().0 };
                let answers = async {
                    let (question, replies) = replies.recv().await.unwrap();
                    assert_eq!(question, "question");
                    replies.send("answer").await.unwrap()
                };
                assert_eq!(tokio::join!(asked, answers).0, "answer");
                if transport != "ws" {
                    let (mut out, news) = ends::<Pub, Sub>(&context, transport, server_binds);
                    let mut news = news.subscribe("head");
                    let publish = async {
                        loop {
                            out.send("headline").await.unwrap();
                            tokio::task::yield_now().await;
                        }
                    };
                    tokio::select! {
                        () = publish => {}
                        headline = news.recv() => assert_eq!(headline.unwrap(), "headline"),
                    }
                }
                let (mut router, mut dealer) = ends::<Router, Dealer>(&context, transport, server_binds);
                dealer.send("hello").await.unwrap();
                let (peer, hello) = router.recv().await.unwrap();
                router.send_to(&peer, hello).await.unwrap();
                assert_eq!(dealer.recv().await.unwrap(), "hello");
            }
        }
    }));
}

/// libzmq decrypts the subscription, takes it for a command that it does not know, and drops it.
#[test]
fn what_libzmq_loses_over_ws_is_refused() {
    current_thread().block_on(async {
        let context = Context::new().unwrap();
        let server = CurveServer::new(KeyPair::generate()).allow_any_client();
        let client = CurveClient::new(server.public_key(), KeyPair::generate());
        let told = |error: Error| {
            assert!(error.to_string().contains("libzmq loses encrypted subscriptions over ws"), "{error}");
        };
        told(context.socket::<Pub>().unwrap().curve_server(&server).bind(endpoint("ws")).unwrap_err());
        told(context.socket::<XPub>().unwrap().curve_server(&server).bind(endpoint("ws")).unwrap_err());
        told(context.socket::<Sub>().unwrap().curve_client(&client).connect("ws://127.0.0.1:1").unwrap_err());
        told(context.socket::<XSub>().unwrap().curve_client(&client).connect("ws://127.0.0.1:1").unwrap_err());
        let error = context.socket::<Pull>().unwrap().curve_server(&server).bind(endpoint("inproc")).unwrap_err();
        assert!(matches!(error, Error::NotWithOption { option: "ZMQ_CURVE_SERVER", .. }), "{error}");
    });
}

#[cfg(feature = "draft")]
#[test]
fn draft_types_are_encrypted_too() {
    use zmq_typestate::{Channel, Client, Dish, Gather, Group, Peer, Radio, Scatter, Server};

    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        for transport in TRANSPORTS.into_iter().filter(|transport| *transport != "inproc") {
            for server_binds in [true, false] {
                let (mut server, mut client) = ends::<Server, Client>(&context, transport, server_binds);
                client.send("hello").await.unwrap();
                let (peer, hello) = server.recv().await.unwrap();
                server.send_to(&peer, hello).await.unwrap();
                assert_eq!(client.recv().await.unwrap(), "hello");
                let (mut scatter, mut gather) = ends::<Scatter, Gather>(&context, transport, server_binds);
                scatter.send("scattered").await.unwrap();
                assert_eq!(gather.recv().await.unwrap(), "scattered");
                let (mut one, mut other) = ends::<Channel, Channel>(&context, transport, server_binds);
                one.send("one").await.unwrap();
                assert_eq!(other.recv().await.unwrap(), "one");
                // The longest group that there is makes the longest join.
                let group = Group::new("fourteen-bytes").unwrap();
                let (mut radio, dish) = ends::<Radio, Dish>(&context, transport, server_binds);
                let mut dish = dish.join(&group);
                let play = async {
                    loop {
                        radio.send_to(&group, vec![7; 1000]).await.unwrap();
                        tokio::task::yield_now().await;
                    }
                };
                tokio::select! {
                    () = play => {}
                    song = dish.recv() => assert_eq!(song.unwrap().1, vec![7; 1000]),
                }
            }
            let server = CurveServer::new(KeyPair::generate()).allow_any_client();
            let client = CurveClient::new(server.public_key(), KeyPair::generate());
            let mut north = context.socket::<Peer>().unwrap().curve_server(&server).bind(endpoint(transport)).unwrap();
            let south = context.socket::<Peer>().unwrap().curve_client(&client);
            let (there, mut south) = south.connect_peer(north.address()).unwrap();
            south.send_to(&there, "hello").await.unwrap();
            assert_eq!(north.recv().await.unwrap().1, "hello");
        }
    }));
}

#[test]
fn any_client_is_not_asked_about_even_where_there_is_a_handler() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let _zap = ZapHandler::start(&context).unwrap();
        let (mut pull, mut push) = ends::<Pull, Push>(&context, "tcp", true);
        push.send("anybody").await.unwrap();
        let message = pull.recv().await.unwrap();
        assert_eq!((&*message, message.metadata("User-Id")), (&b"anybody"[..], None));
    }));
}

#[test]
fn strangers_bytes_do_not_stop_a_server() {
    multi_thread().block_on(within(async {
        let mut server = Server::with(CurveKeys::new(), |pull| pull.handshake_interval(Duration::from_secs(2)));
        let address = server.pull.address().to_string();
        let address = address.strip_prefix("tcp://").unwrap().to_owned();
        server.serves().await;

        let mut greeting = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0];
        greeting.extend(b"CURVE");
        greeting.resize(64, 0);
        let mut random = Random::new(0x5eed);
        let mut half_open = Vec::new();
        for attempt in 0..1_000 {
            let Ok(mut stream) = TcpStream::connect(&address) else { panic!("{attempt}: refused") };
            let attack: Vec<u8> = match attempt % 8 {
                // Nothing that makes sense.
                0 => random.bytes(300),
                // A greeting that ends somewhere.
                1 => greeting[..random.below(64) as usize].to_vec(),
                // A greeting, then noise.
                2 => [&greeting[..], &random.bytes(400)].concat(),
                // A HELLO of the right size and form, of nonsense.
                3 => [&greeting[..], &[4, 200], b"\x05HELLO\x01\x00", &[0; 72], &random.bytes(120)].concat(),
                // The same with a short-term key of zeros, a point of small order.
                4 => [&greeting[..], &[4, 200], b"\x05HELLO\x01\x00", &[0; 192]].concat(),
                // An INITIATE that follows nothing.
                5 => [&greeting[..], &[6, 0, 0, 0, 0, 0, 0, 1, 1], b"\x08INITIATE", &random.bytes(248)].concat(),
                // A command that is announced far too long.
                6 => [&greeting[..], &[6, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]].concat(),
                // Nothing at all.
                _ => Vec::new(),
            };
            // The server may close while this is being written.
            let _ = stream.write_all(&attack);
            match random.below(3) {
                0 => half_open.push(stream),
                1 => drop(stream.shutdown(Shutdown::Write)),
                _ => {}
            }
            if attempt % 100 == 99 {
                server.serves().await;
            }
        }
        server.serves().await;
        server.got_nothing();
        // Those that stand still are closed when the time for their handshake is over.
        let closed = tokio::task::spawn_blocking(move || {
            for mut stream in half_open {
                stream.set_read_timeout(Some(common::DEADLINE)).unwrap();
                let mut buffer = [0; 1024];
                while stream.read(&mut buffer).is_ok_and(|read| read > 0) {}
            }
        });
        closed.await.unwrap();
        server.serves().await;
    }));
}

#[test]
fn keys_are_checked_and_belong_together() {
    let (public, secret) = ("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6");
    let keys = KeyPair::from(secret.parse::<SecretKey>().unwrap());
    assert_eq!(*keys.secret_key().expose_z85(), secret);
    assert_eq!(format!(" {public}\n").parse::<PublicKey>().unwrap().to_string(), public);
    assert_eq!(
        SecretKey::from_bytes(*keys.secret_key().expose()).map(|it| it.expose_z85().to_string()),
        Ok(secret.into())
    );

    let made: HashSet<PublicKey> = (0..100).map(|_| KeyPair::generate().public_key()).collect();
    assert_eq!(made.len(), 100);

    let told = |error: KeyError| error.to_string();
    assert!(told("short".parse::<PublicKey>().unwrap_err()).contains("40 characters"));
    assert!(told(PublicKey::from_bytes([0; 32]).unwrap_err()).contains("zeros"));
    // What the crate `zmq` takes for a key of zeros.
    assert!(told("~".repeat(40).parse::<PublicKey>().unwrap_err()).contains("alphabet"));
    assert!(told("#".repeat(40).parse::<PublicKey>().unwrap_err()).contains("four bytes"));
}

#[test]
fn secrets_are_not_told() {
    let keys = KeyPair::generate();
    let secret = keys.secret_key().expose_z85().to_string();
    let bytes = format!("{:?}", keys.secret_key().expose());
    let public = keys.public_key();
    let text = format!("{keys:?}");
    let server = CurveServer::new(keys);
    let text = format!("{text} {server:?}");
    let server = server.allow_any_client();
    let text = format!("{text} {server:?} {:?}", server.clone());
    let client = CurveClient::new(public, secret.parse::<SecretKey>().unwrap());
    let context = Context::new().unwrap();
    let mut socket = context.socket::<Push>().unwrap().curve_client(&client).connect("tcp://127.0.0.1:1").unwrap();
    let error = socket.also_connect(endpoint("inproc")).unwrap_err();
    let text = format!("{text} {client:?} {socket:?} {error} {error:?}");
    assert!(text.contains(&public.to_string()));
    // An altered secret is refused, and still not told.
    let error = secret[1..].parse::<SecretKey>().err().unwrap();
    let text = format!("{text} {error} {error:?}");
    assert!(!text.contains(&secret) && !text.contains(&secret[1..]) && !text.contains(&bytes), "{text}");
    socket.close_within(Linger::Drop);
}
