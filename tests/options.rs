//! Every option on every type that has it, read back where libzmq can be asked; values and defaults. What they do is shown
//! by `option_effects.rs` and `connections.rs`.

mod common;

use std::num::{NonZeroU16, NonZeroU64};
use std::time::Duration;

use common::{endpoint, millis, number};
use zmq_typestate::*;

/// Sets options on socket types, reads those back that can be, and binds: what was refused is told there.
macro_rules! options {
    ($($option:ident $value:tt $(=> $back:expr)?, on $($T:ident)*;)*) => { $(
        options!(@row $option $value [$($back)?] $($T)*);
    )* };
    (@row $option:ident $value:tt $back:tt $($T:ident)*) => { $(
        options!(@one $option $T, Context::new().unwrap().socket::<$T>().unwrap().$option $value, $back);
    )* };
    (@one $option:ident $T:ident, $socket:expr, [$($back:expr)?]) => { {
        let socket = $socket;
        $( assert_eq!(socket.options().$option().unwrap(), $back, "{} of {}", stringify!($option), stringify!($T)); )?
        let transport = match stringify!($T) {
            "Stream" => "tcp",
            "Dgram" => "udp",
            _ => "ipc",
        };
        let bound = socket.bind(endpoint(transport));
        drop(bound.unwrap_or_else(|error| panic!("{} of {}: {error}", stringify!($option), stringify!($T))));
    } };
}

const BEAT: Heartbeat =
    Heartbeat::every(Duration::from_secs(1)).timeout(Duration::from_secs(2)).ttl(Ttl::constant(Duration::from_secs(3)));
const SLOWER: Backoff = Backoff::constant(Duration::from_millis(50), Duration::from_secs(5));

#[test]
fn every_option_is_taken_by_every_type_that_has_it() {
    options! {
        linger(Linger::Forever) => Linger::Forever, on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        linger(millis(1500)) => Linger::For(millis(1500)), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        linger(Linger::Drop) => Linger::Drop, on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        send_hwm(Hwm::messages(7)) => Hwm::messages(7), on Pair Pub Req Rep Dealer Router Push XPub XSub Stream;
        send_hwm(Hwm::Unlimited) => Hwm::Unlimited, on Pair Pub Req Rep Dealer Router Push XPub XSub Stream;
        recv_hwm(Hwm::messages(7)) => Hwm::messages(7), on Pair Sub Req Rep Dealer Router Pull XPub XSub Stream;
        send_timeout(millis(20)) => Timeout::After(millis(20)), on Pair Pub Req Rep Dealer Router Push XPub XSub Stream;
        recv_timeout(millis(20)) => Timeout::After(millis(20)), on Pair Sub Req Rep Dealer Router Pull XPub XSub Stream;
        recv_timeout(Timeout::Never) => Timeout::Never, on Pair Sub Req Rep Dealer Router Pull XPub XSub Stream;
        conflate(true) => true, on Pub Sub Dealer Pull Push;
        immediate(true) => true, on Pair Req Dealer Push;
        max_message_size(1 << 40) => Some(1 << 40), on Pair Pub Sub Req Rep Dealer Router Pull XPub XSub;
        no_drop(true), on Pub XPub;
        routing_id(&RoutingId::new("me").unwrap()) => RoutingId::new("me").ok(), on Req Dealer Router;
        probe_router(true), on Req Dealer Router;
        router_handover(true), on Router;
        router_mandatory(false), on Router;
        invert_matching(true) => true, on Pub Sub XPub;
        welcome_message("welcome"), on XPub;
        verbose(Verbose::Subscriptions), on XPub;
        verbose(Verbose::All), on XPub;
        correlated(), on Req;
        metadata(Metadata::new("X-Role", "test").unwrap()), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub;
        handshake_interval(millis(250)) => Some(millis(250)), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub;
        handshake_interval(None) => None, on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub;
        connect_timeout(millis(250)) => Some(millis(250)), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        reconnect(Reconnect::Never) => Reconnect::Never, on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        reconnect(Reconnect::Every(millis(5))) => Reconnect::Every(millis(5)), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        reconnect(Reconnect::Backoff(SLOWER)) => Reconnect::Backoff(SLOWER), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        reconnect_stop(ReconnectStop::ConnectionRefused) => Some(ReconnectStop::ConnectionRefused), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        reconnect_stop(ReconnectStop::HandshakeFailed) => Some(ReconnectStop::HandshakeFailed), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        heartbeat(BEAT) => Some(BEAT), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub;
        backlog(number(5)) => number(5), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        affinity(NonZeroU64::MIN) => Some(NonZeroU64::MIN), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        ipv6(true) => true, on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        send_buffer(number(4096)) => Some(number(4096)), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        recv_buffer(number(4096)) => Some(number(4096)), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        tos(0x28) => 0x28, on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        tcp_max_retransmit(millis(9000)) => Some(millis(9000)), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        socks_proxy(SocksProxy::at(tcp!("127.0.0.1:1080"))) => Some(SocksProxy::at(tcp!("127.0.0.1:1080"))), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
    }
    #[cfg(libzmq_define = "ZMQ_HAVE_SO_KEEPALIVE")]
    options! {
        tcp_keepalive(TcpKeepalive::Off) => Some(TcpKeepalive::Off), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        tcp_keepalive(TcpKeepalive::ON) => Some(TcpKeepalive::ON), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
    }
    #[cfg(libzmq_define = "ZMQ_HAVE_SO_BINDTODEVICE")]
    options! {
        bind_to_device("lo") => Some("lo".into()), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
    }
    #[cfg(libzmq_define = "ZMQ_HAVE_SO_PEERCRED")]
    options! {
        ipc_filter_uid(0), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
        ipc_filter_pid(number(1)), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream;
    }
}

#[cfg(feature = "draft")]
#[test]
fn every_option_is_taken_by_every_draft_type_that_has_it() {
    use std::num::NonZeroU8;
    options! {
        linger(millis(1500)) => Linger::For(millis(1500)), on Server Client Radio Dish Gather Scatter Dgram Peer Channel;
        send_hwm(Hwm::messages(7)) => Hwm::messages(7), on Server Client Radio Scatter Dgram Peer Channel;
        recv_hwm(Hwm::messages(7)) => Hwm::messages(7), on Server Client Dish Gather Dgram Peer Channel;
        send_timeout(millis(20)) => Timeout::After(millis(20)), on Server Client Radio Scatter Dgram Peer Channel;
        recv_timeout(millis(20)) => Timeout::After(millis(20)), on Server Client Dish Gather Dgram Peer Channel;
        immediate(true) => true, on Client Scatter Channel;
        max_message_size(9) => Some(1024), on Server Client Dish Gather Peer Channel;
        no_drop(true), on Radio;
        metadata(Metadata::new("X-Role", "test").unwrap()), on Server Client Radio Dish Gather Scatter Peer Channel;
        handshake_interval(millis(250)) => Some(millis(250)), on Server Client Radio Dish Gather Scatter Peer Channel;
        connect_timeout(millis(250)) => Some(millis(250)), on Server Client Radio Dish Gather Scatter Peer Channel;
        reconnect(Reconnect::Never) => Reconnect::Never, on Server Client Radio Dish Gather Scatter Peer Channel;
        reconnect_stop(ReconnectStop::HandshakeFailed) => Some(ReconnectStop::HandshakeFailed), on Server Client Radio Dish Gather Scatter Peer Channel;
        heartbeat(BEAT) => Some(BEAT), on Server Client Gather Scatter Peer Channel;
        backlog(number(5)) => number(5), on Server Client Radio Dish Gather Scatter Peer Channel;
        affinity(NonZeroU64::MIN) => Some(NonZeroU64::MIN), on Server Client Radio Dish Gather Scatter Dgram Peer Channel;
        ipv6(true) => true, on Server Client Radio Dish Gather Scatter Peer Channel;
        send_buffer(number(4096)) => Some(number(4096)), on Server Client Radio Dish Gather Scatter Peer Channel;
        recv_buffer(number(4096)) => Some(number(4096)), on Server Client Radio Dish Gather Scatter Peer Channel;
        tos(0x28) => 0x28, on Server Client Radio Dish Gather Scatter Peer Channel;
        tcp_max_retransmit(None) => None, on Server Client Radio Dish Gather Scatter Peer Channel;
        socks_proxy(SocksProxy::at(tcp!("127.0.0.1:1080"))) => Some(SocksProxy::at(tcp!("127.0.0.1:1080"))), on Server Client Radio Dish Gather Scatter Peer Channel;
        in_batch_size(BatchSize::bytes(32768)) => BatchSize::bytes(32768), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream Server Client Radio Dish Gather Scatter Peer Channel;
        out_batch_size(BatchSize::bytes(32768)) => BatchSize::bytes(32768), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream Server Client Radio Dish Gather Scatter Peer Channel;
        hello_message("hello"), on Dealer Router Server Client Peer;
        disconnect_message("bye"), on Router Server Peer;
        multicast_hops(NonZeroU8::MAX) => NonZeroU8::MAX, on Radio;
        multicast_loop(false) => false, on Radio;
    }
    #[cfg(libzmq_define = "ZMQ_HAVE_SO_PRIORITY")]
    options! {
        priority(Priority::constant(6)) => Priority::constant(6), on Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream Server Client Radio Dish Gather Scatter Peer Channel;
    }
}

/// Each option that there is stands in the table of the documentation.
#[test]
fn the_table_has_every_option() {
    let source = include_str!("../src/options/mod.rs");
    let table = include_str!("../src/options/table.md");
    let alias = |line: &str| line.trim().strip_prefix("#[doc(alias = \"")?.strip_suffix("\")]").map(str::to_owned);
    let row = |line: &str| line.trim().strip_prefix("\"ZMQ_")?.split_once('"').map(|(name, _)| format!("ZMQ_{name}"));
    let names: Vec<_> = source.lines().filter_map(|line| alias(line).or_else(|| row(line))).collect();
    assert!(names.len() > 50, "{names:?}");
    for name in names.iter().filter(|name| name.starts_with("ZMQ_") && *name != "ZMQ_IDENTITY") {
        let part = |prefix: &str| name.strip_prefix(prefix).map(|part| format!("`{part}`"));
        let parts = ["ZMQ_TCP_KEEPALIVE", "ZMQ_HEARTBEAT", "ZMQ_RECONNECT", "ZMQ_SOCKS"].into_iter().filter_map(part);
        let shown = parts.chain([format!("`{name}`")]).any(|shown| table.contains(&shown));
        assert!(shown, "{name}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// What this build of libzmq lacks

/// An option that libzmq would ignore is an error that names what is missing.
#[test]
fn what_this_libzmq_was_built_without_is_told() {
    let context = Context::new().unwrap();
    let socket = || context.socket::<Push>().unwrap();
    let keepalive = TcpKeepalive::On {
        idle: Some(Duration::from_secs(60)),
        interval: Some(Duration::from_secs(5)),
        count: NonZeroU16::new(3),
    };
    let cases = [
        (
            cfg!(libzmq_define = "ZMQ_HAVE_SO_KEEPALIVE"),
            "ZMQ_HAVE_SO_KEEPALIVE",
            socket().tcp_keepalive(TcpKeepalive::ON),
        ),
        (cfg!(libzmq_define = "ZMQ_HAVE_TCP_KEEPIDLE"), "ZMQ_HAVE_", socket().tcp_keepalive(keepalive)),
        (cfg!(libzmq_define = "ZMQ_HAVE_SO_PEERCRED"), "ZMQ_HAVE_SO_PEERCRED", socket().ipc_filter_uid(0)),
        (cfg!(libzmq_define = "ZMQ_HAVE_SO_BINDTODEVICE"), "ZMQ_HAVE_SO_BINDTODEVICE", socket().bind_to_device("lo")),
        #[cfg(feature = "draft")]
        (
            cfg!(libzmq_define = "ZMQ_HAVE_SO_PRIORITY"),
            "ZMQ_HAVE_SO_PRIORITY",
            socket().priority(zmq_typestate::Priority::constant(1)),
        ),
    ];
    for (built, define, socket) in cases {
        let bound = socket.bind(endpoint("tcp"));
        match bound {
            Ok(_) => assert!(built, "{define}"),
            Err(error) => {
                assert!(!built && error.to_string().contains(define), "{error}");
                assert!(matches!(error, Error::OptionNotBuilt { socket: "PUSH", .. }), "{error:?}");
            }
        }
    }
    let affinity = Context::builder().thread_affinity([0]).build();
    assert_eq!(affinity.is_ok(), cfg!(libzmq_define = "ZMQ_HAVE_PTHREAD_SET_AFFINITY"));
    if let Err(error) = affinity {
        assert!(error.to_string().contains("ZMQ_HAVE_PTHREAD_SET_AFFINITY=1 into CXXFLAGS"), "{error}");
    }
}

#[test]
fn values_that_only_run_time_can_see_are_errors_that_name_them() {
    let refused = [
        Ttl::new(Duration::from_secs(66)).unwrap_err(),
        Backoff::new(millis(200), millis(100)).unwrap_err(),
        Metadata::new("Role", "test").unwrap_err(),
        Metadata::new("X-", "test").unwrap_err(),
        Metadata::new("X-Role", "").unwrap_err(),
        Metadata::new("X-Role", "a\0b").unwrap_err(),
        Metadata::new(&format!("X-{}", "x".repeat(254)), "test").unwrap_err(),
        #[cfg(feature = "draft")]
        Priority::new(7).unwrap_err(),
        SocksProxy::at(tcp!("127.0.0.1:1080")).login("", "password").unwrap_err(),
        SocksProxy::at(tcp!("127.0.0.1:1080")).login("user", "x".repeat(256)).unwrap_err(),
    ];
    for error in refused {
        let Error::Value { option, ref value, .. } = error else { panic!("{error:?}") };
        assert!(error.to_string().starts_with(&format!("{option} cannot be {value}: ")), "{error}");
    }
    assert_eq!(Duration::from(Ttl::new(millis(101)).unwrap()), millis(200));
    assert_eq!(Ttl::new(Duration::ZERO).unwrap(), Ttl::constant(millis(100)));
    assert_eq!(Ttl::new(millis(65_500)).unwrap(), Ttl::MAX);

    let context = Context::new().unwrap();
    let too_long = context.socket::<Push>().unwrap().bind_to_device("no-such-interface").bind(endpoint("tcp"));
    if cfg!(libzmq_define = "ZMQ_HAVE_SO_BINDTODEVICE") {
        let error = too_long.unwrap_err();
        assert_eq!(
            error.to_string(),
            "PUSH does not take ZMQ_BINDTODEVICE = \"no-such-interface\": No such device (os error 19)"
        );
    }
    // The context has one I/O thread.
    let second = context.socket::<Push>().unwrap().affinity(NonZeroU64::new(2).unwrap()).bind(endpoint("tcp"));
    assert!(matches!(second, Err(Error::Attach { socket: "PUSH", action: "bind", .. })), "{second:?}");
}

#[test]
fn what_has_parts_is_read_back_whole() {
    let context = Context::new().unwrap();
    let proxy = SocksProxy::at(tcp!("127.0.0.1:1080")).login("user", "password").unwrap();
    let socket = context.socket::<Push>().unwrap().socks_proxy(proxy.clone());
    assert_eq!(socket.options().socks_proxy().unwrap(), Some(proxy));
    let keepalive = TcpKeepalive::On {
        idle: Some(Duration::from_secs(60)),
        interval: Some(Duration::from_secs(5)),
        count: NonZeroU16::new(3),
    };
    let socket = socket.tcp_keepalive(keepalive);
    assert_eq!(socket.options().tcp_keepalive().unwrap(), Some(keepalive));
}

#[test]
fn a_socks_proxy_is_somewhere() {
    let context = Context::new().unwrap();
    let proxy = SocksProxy::at(tcp!("*:1080"));
    let refused = context.socket::<Push>().unwrap().socks_proxy(proxy).connect("tcp://127.0.0.1:5555");
    assert!(matches!(refused, Err(Error::Endpoint(_))), "{refused:?}");
    // A name that is too long for the protocol aborts libzmq.
    let host = format!("tcp://{}:5555", "x".repeat(254));
    let refused = context.socket::<Push>().unwrap().socks_proxy(SocksProxy::at(tcp!("127.0.0.1:1080"))).connect(host);
    assert!(matches!(refused, Err(Error::Endpoint(_))), "{refused:?}");
}

#[cfg(feature = "draft")]
#[test]
fn batches_have_a_limit() {
    assert_eq!(BatchSize::bytes(u32::MAX), BatchSize::MAX);
    assert_eq!(BatchSize::bytes(16 << 20), BatchSize::MAX);
    assert!(BatchSize::bytes((16 << 20) - 1) < BatchSize::MAX);
    assert_eq!(BatchSize::bytes(0), BatchSize::bytes(1));
}

#[cfg(feature = "draft")]
#[test]
fn batches_are_large_within_the_machine_and_smaller_on_a_network() {
    let kib = |count: u32| BatchSize::bytes(count << 10);
    let context = Context::new().unwrap();
    let pull = || context.socket::<Pull>().unwrap();
    let sizes = |pull: Socket<Pull>, at: &str| {
        let pull = pull.bind(at).unwrap();
        let (incoming, outgoing) = (pull.options().in_batch_size().unwrap(), pull.options().out_batch_size().unwrap());
        [incoming, outgoing]
    };
    assert_eq!(sizes(pull(), "tcp://127.0.0.1:*"), [kib(256), kib(256)]);
    assert_eq!(sizes(pull(), &endpoint("ws")), [kib(256), kib(256)]);
    assert_eq!(sizes(pull(), &endpoint("ipc")), [kib(256), kib(64)]);
    assert_eq!(sizes(pull(), "tcp://0.0.0.0:*"), [kib(64), kib(8)]);
    // What was said is not changed; and a send buffer that was made smaller may have no room for a batch.
    assert_eq!(sizes(pull().out_batch_size(kib(9)), "tcp://127.0.0.1:*"), [kib(256), kib(9)]);
    assert_eq!(sizes(pull().in_batch_size(kib(9)), "tcp://127.0.0.1:*"), [kib(9), kib(256)]);
    assert_eq!(sizes(pull().send_buffer(number(32 << 10)), "tcp://127.0.0.1:*"), [kib(256), kib(8)]);
    // For each endpoint its own.
    let mut both = pull().bind("tcp://127.0.0.1:*").unwrap();
    both.also_bind("tcp://0.0.0.0:*").unwrap();
    assert_eq!(both.options().in_batch_size().unwrap(), kib(64));
}

/// Times are rounded up: zero, which turns things off in libzmq, is the shortest.
#[test]
fn zero_is_not_off() {
    let socket = Context::new().unwrap().socket::<Dealer>().unwrap();
    let socket = socket.reconnect(Reconnect::Every(Duration::ZERO)).heartbeat(Heartbeat::every(Duration::ZERO));
    let socket = socket.handshake_interval(Duration::ZERO).send_timeout(Duration::ZERO);
    assert_eq!(socket.options().reconnect().unwrap(), Reconnect::Every(millis(1)));
    let beat = Heartbeat::every(millis(1)).timeout(millis(1));
    assert_eq!(socket.options().heartbeat().unwrap(), Some(beat));
    assert_eq!(socket.options().handshake_interval().unwrap(), Some(millis(1)));
    assert_eq!(socket.options().send_timeout().unwrap(), Timeout::After(millis(1)));
    // Longer than libzmq can count.
    let socket = socket.connect_timeout(Duration::MAX).linger(Duration::MAX);
    let longest = millis(i32::MAX as u64);
    assert_eq!(socket.options().connect_timeout().unwrap(), Some(longest));
    assert_eq!(socket.options().linger().unwrap(), Linger::For(longest));
}

#[test]
fn the_defaults_are_those_of_the_table() {
    let context = Context::new().unwrap();
    let dealer = context.socket::<Dealer>().unwrap();
    let options = dealer.options();
    assert_eq!(options.linger().unwrap(), Linger::For(Duration::from_secs(30)));
    assert_eq!(options.send_hwm().unwrap(), Hwm::messages(1000));
    assert_eq!(options.recv_hwm().unwrap(), Hwm::messages(1000));
    assert_eq!(options.handshake_interval().unwrap(), Some(Duration::from_secs(30)));
    assert_eq!(options.reconnect().unwrap(), Reconnect::Every(millis(100)));
    assert_eq!(options.heartbeat().unwrap(), None);
    assert_eq!(options.max_message_size().unwrap(), None);
    assert_eq!(options.affinity().unwrap(), None);
    assert_eq!(options.backlog().unwrap(), number(100));
    assert!(!options.immediate().unwrap() && !options.conflate().unwrap() && !options.ipv6().unwrap());
    assert_eq!((options.routing_id().unwrap(), options.tcp_keepalive().unwrap()), (None, None));
    assert_eq!((options.reconnect_stop().unwrap(), options.send_buffer().unwrap()), (None, None));
    assert_eq!((options.socks_proxy().unwrap(), options.bind_to_device().unwrap()), (None, None));
    let sub = context.socket::<Sub>().unwrap();
    assert_eq!(sub.options().linger().unwrap(), Linger::Drop);
}
