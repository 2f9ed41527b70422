//! Wrong endpoints are refused before libzmq sees them, and what libzmq does not check is.

mod common;

use std::fs;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use common::{endpoint, ends};
use zmq_typestate::{
    Address, CanConnect, Context, Dealer, Endpoint, Error, Inproc, Pair, Pub, Pull, Push, Rep, Req, Router, Socket,
    SocketType, Stream, Sub, Tcp, XPub, XSub,
};

fn bind(endpoint: &str) -> Error {
    Context::new().unwrap().socket::<Pull>().unwrap().bind(endpoint).unwrap_err()
}

fn connect(endpoint: &str) -> Error {
    Context::new().unwrap().socket::<Pull>().unwrap().connect(endpoint).unwrap_err()
}

#[test]
fn the_text_is_checked() {
    let long_path = format!("ipc:///{}", "x".repeat(107));
    let long_name = format!("inproc://{}", "x".repeat(257));
    for wrong in [
        "",
        "127.0.0.1:5555",
        "tcp://",
        "foo://x",
        "TCP://127.0.0.1:5555",
        "pgm://eth0;239.0.0.1:5555",
        "tipc://{1,2,3}",
        "wss://127.0.0.1:5555",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:70000",
        "tcp://127.0.0.1:5555abc",
        "tcp://127.0.0.1:5555\0",
        "tcp://::1:5555",
        "tcp://bücher:5555",
        "ipc://",
        "ipc://@",
        "inproc://",
        "inproc://zeromq.zap.01",
        "ws://127.0.0.1",
        &long_path,
        &long_name,
    ] {
        for error in [bind(wrong), connect(wrong)] {
            assert!(matches!(error, Error::Endpoint(_)), "{wrong:?}: {error:?}");
            assert!(error.to_string().contains(&*wrong.escape_debug().to_string()), "{error}");
        }
    }
    for only_for_bind in ["tcp://*:5555", "tcp://127.0.0.1:*", "tcp://127.0.0.1:0", "ipc://*"] {
        assert!(matches!(connect(only_for_bind), Error::Endpoint(_)), "{only_for_bind}");
    }
    assert!(matches!(bind("tcp://127.0.0.1:0;127.0.0.1:5555"), Error::Endpoint(_)));
    assert!(matches!(bind("udp://127.0.0.1:5555"), Error::UnsupportedTransport { .. }));
    assert!("inproc://x".parse::<Endpoint<Tcp>>().is_err());
    assert!("inproc://x".parse::<Endpoint<Inproc>>().is_ok());
    assert!("tcp://x".parse::<Address<Pull>>().is_err());
}

#[test]
fn the_system_is_told_by_name() {
    let context = Context::new().unwrap();
    let first = context.socket::<Pull>().unwrap().bind("tcp://127.0.0.1:*").unwrap();
    let taken = context.socket::<Pull>().unwrap().bind(first.address()).unwrap_err();
    assert!(matches!(&taken, Error::Attach { action: "bind", .. }), "{taken:?}");
    assert!(taken.to_string().contains(&first.address().to_string()), "{taken}");
    // An error number that the `zmq` crate panics on.
    let below_a_file = bind(concat!("ipc://", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml/socket"));
    assert!(matches!(below_a_file, Error::Attach { .. }), "{below_a_file:?}");
}

#[test]
fn a_file_is_not_deleted_by_an_ipc_bind() {
    let directory = std::env::temp_dir().join(format!("zmq-typestate-ipc-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    let at = |path: &PathBuf| format!("ipc://{}", path.display());

    let file = directory.join("precious");
    fs::write(&file, "data").unwrap();
    assert!(matches!(bind(&at(&file)), Error::PathInUse { .. }));
    assert_eq!(fs::read_to_string(&file).unwrap(), "data");

    // What a process that has died left behind is replaced, as ever.
    let stale = directory.join("stale");
    drop(UnixListener::bind(&stale).unwrap());
    let context = Context::new().unwrap();
    let bound = context.socket::<Pull>().unwrap().bind(at(&stale)).unwrap();
    assert_eq!(bound.address().to_string(), at(&stale));
    drop(bound);

    // What a live process has bound stays with it: libzmq would take it over, without a word to anybody.
    let taken = directory.join("taken");
    let mut first = context.socket::<Pull>().unwrap().bind(at(&taken)).unwrap();
    match bind(&at(&taken)) {
        Error::Attach { source, .. } => assert_eq!(source.kind(), std::io::ErrorKind::AddrInUse),
        other => panic!("{other:?}"),
    }
    let mut push = context.socket::<Push>().unwrap().connect(at(&taken)).unwrap();
    push.blocking_send("hello").unwrap();
    assert_eq!(first.blocking_recv().unwrap(), "hello");
    fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn ipv6_needs_no_option() {
    // Not on a machine without it: then the system says so, and nothing else.
    let there = std::net::TcpListener::bind("[::1]:0").is_ok();
    let context = Context::new().unwrap();
    match context.socket::<Pull>().unwrap().bind("tcp://[::1]:*") {
        Ok(mut pull) => {
            assert!(there);
            let mut push = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
            push.blocking_send("hello").unwrap();
            assert_eq!(pull.blocking_recv().unwrap(), "hello");
        }
        Err(error) => assert!(!there && matches!(error, Error::Attach { .. }), "{error:?}"),
    }
}

#[test]
fn an_endpoint_is_connected_once_and_released_the_way_it_was_taken() {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap().bind("tcp://127.0.0.1:*").unwrap();
    let mut push = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
    assert!(matches!(push.also_connect(pull.address()), Err(Error::AlreadyConnected { .. })));
    assert!(matches!(push.unbind(pull.address().to_string()), Err(Error::NotAttached { action: "unbind", .. })));
    push.disconnect(pull.address()).unwrap();
    assert!(matches!(push.disconnect(pull.address()), Err(Error::NotAttached { action: "disconnect", .. })));
    push.also_connect(pull.address()).unwrap();
}

/// Both orders of attaching two types at one inproc name, by text that hides them from the compiler.
fn meet<A: SocketType<Fresh: CanConnect>, B: SocketType<Fresh: CanConnect>>(legal: bool) {
    for (binds_first, name) in [(true, endpoint("inproc")), (false, endpoint("inproc"))] {
        let context = Context::new().unwrap();
        let (a, b) = (context.socket::<A>().unwrap(), context.socket::<B>().unwrap());
        let (one, other) = if binds_first {
            let bound = a.bind(name.as_str()).map(Socket::either);
            (bound, b.connect(name.as_str()).map(Socket::either).map(drop))
        } else {
            let connected = b.connect(name.as_str()).map(Socket::either).map(drop);
            // libzmq keeps the connecter for the binder, also when it is closed by now.
            (a.bind(name.as_str()).map(Socket::either), connected)
        };
        let refusal = one.err().or(other.err());
        match refusal {
            None => assert!(legal),
            Some(Error::IncompatiblePeer { endpoint, .. }) => assert!(!legal && endpoint == name),
            Some(error) => panic!("{error:?}"),
        }
    }
}

macro_rules! all_pairs {
    ($($A:ident $peers:literal)*) => { all_pairs!(@ [$($A)*] $($A $peers)*) };
    (@ $all:tt $($A:ident $peers:literal)*) => { $( all_pairs!(row $A $peers $all); )* };
    (row $A:ident $peers:literal [$($B:ident)*]) => { $(
        meet::<$A, $B>($peers.split(' ').any(|peer| peer == stringify!($B)));
    )* };
}

#[test]
fn inproc_checks_both_ends() {
    all_pairs! {
        Pair "Pair"
        Pub "Sub XSub"
        Sub "Pub XPub"
        Req "Rep Router"
        Rep "Req Dealer"
        Dealer "Rep Dealer Router"
        Router "Req Dealer Router"
        Pull "Push"
        Push "Pull"
        XPub "Sub XSub"
        XSub "Pub XPub"
    }
    for name in ["inproc://stream", "ipc://@zmq-typestate-stream", "ws://127.0.0.1:*"] {
        let stream = Context::new().unwrap().socket::<Stream>().unwrap();
        assert!(matches!(stream.bind(name), Err(Error::UnsupportedTransport { socket: "STREAM", .. })), "{name}");
    }
}

#[test]
fn an_inproc_name_is_free_as_soon_as_its_socket_is_gone() {
    let context = Context::new().unwrap();
    let name = endpoint("inproc");
    for _ in 0..100 {
        let bound = context.socket::<Pull>().unwrap().bind(name.as_str()).unwrap();
        assert!(matches!(context.socket::<Pull>().unwrap().bind(name.as_str()), Err(Error::Attach { .. })));
        drop(bound);
        let mut bound = context.socket::<Pub>().unwrap().bind(name.as_str()).unwrap();
        bound.unbind(name.as_str()).unwrap();
        drop(context.socket::<Router>().unwrap().bind(name.as_str()).unwrap());
    }
    let (mut push, mut pull) = ends::<Push, Pull>(&context, &name, false);
    push.blocking_send("hello").unwrap();
    assert_eq!(pull.blocking_recv().unwrap(), "hello");
}
