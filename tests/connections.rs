//! What options of connections do: on the descriptor, or to the peer.

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::BorrowedFd;
use std::time::Instant;

use common::{endpoint, millis, number};
use socket2::SockRef;
use zmq_typestate::*;

/// What the system says of the descriptor of this process's tcp connection from or to a port.
fn on_the_descriptor<R>(port: u16, ask: impl Fn(&SockRef<'_>) -> std::io::Result<R>) -> R {
    for entry in std::fs::read_dir("/proc/self/fd").unwrap().flatten() {
        let descriptor = entry.file_name().into_string().unwrap().parse().unwrap();
        // SAFETY: the descriptors of a libzmq socket stay open while its socket does, as the caller's does.
        let borrowed = unsafe { BorrowedFd::borrow_raw(descriptor) };
        let socket = SockRef::from(&borrowed);
        let peer = socket.peer_addr().ok().and_then(|address| address.as_socket()).map(|address| address.port());
        if peer == Some(port) {
            return ask(&socket).unwrap();
        }
    }
    panic!("no connection to port {port}");
}

#[test]
fn tcp_options_are_on_the_descriptor() {
    // Not libzmq's: its descriptors are looked for, at this end.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let context = Context::new().unwrap();
    let push = context.socket::<Push>().unwrap().tos(0x28).tcp_max_retransmit(millis(9000));
    let push = push.send_buffer(number(20_000)).recv_buffer(number(30_000));
    let push = push.connect(format!("tcp://{at}")).unwrap();
    let _accepted = listener.accept().unwrap();
    // libzmq sets them after it has connected.
    let port = at.port();
    let deadline = Instant::now() + common::DEADLINE;
    while on_the_descriptor(port, |socket| socket.tcp_user_timeout()) != Some(millis(9000)) {
        assert!(Instant::now() < deadline);
        std::thread::sleep(millis(1));
    }
    assert_eq!(on_the_descriptor(port, |socket| socket.tos_v4()), 0x28);
    // Linux doubles them.
    assert_eq!(on_the_descriptor(port, |socket| socket.send_buffer_size()), 40_000);
    assert_eq!(on_the_descriptor(port, |socket| socket.recv_buffer_size()), 60_000);
    push.close();
}

#[cfg(libzmq_define = "ZMQ_HAVE_SO_KEEPALIVE")]
#[test]
fn keepalive_is_on_the_descriptor() {
    use std::time::Duration;

    let keepalive = TcpKeepalive::On {
        idle: Some(millis(59_001)),
        interval: Some(Duration::from_secs(7)),
        count: std::num::NonZeroU16::new(4),
    };
    for keepalive in [keepalive, TcpKeepalive::ON, TcpKeepalive::Off, TcpKeepalive::after(Duration::MAX)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let context = Context::new().unwrap();
        let push = context.socket::<Push>().unwrap().tcp_keepalive(keepalive).connect(format!("tcp://{at}")).unwrap();
        // The greeting is the first that is sent, once the options are set.
        let (mut accepted, _) = listener.accept().unwrap();
        accepted.read_exact(&mut [0; 10]).unwrap();
        let on = |ask: fn(&SockRef<'_>) -> std::io::Result<Duration>| on_the_descriptor(at.port(), ask);
        assert_eq!(on_the_descriptor(at.port(), |socket| socket.keepalive()), keepalive != TcpKeepalive::Off);
        match keepalive {
            TcpKeepalive::On { idle: Some(_), interval: Some(_), .. } => {
                assert_eq!(on(|socket| socket.tcp_keepalive_time()), Duration::from_secs(60));
                assert_eq!(on(|socket| socket.tcp_keepalive_interval()), Duration::from_secs(7));
                assert_eq!(on_the_descriptor(at.port(), |socket| socket.tcp_keepalive_retries()), 4);
            }
            TcpKeepalive::On { idle: Some(_), .. } => {
                assert_eq!(on(|socket| socket.tcp_keepalive_time()), Duration::from_secs(32_767));
            }
            _ => {}
        }
        push.close();
    }
}

#[cfg(libzmq_define = "ZMQ_HAVE_SO_PRIORITY")]
#[cfg(feature = "draft")]
#[test]
fn priority_is_on_the_descriptor() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let context = Context::new().unwrap();
    let push =
        context.socket::<Push>().unwrap().priority(Priority::constant(5)).connect(format!("tcp://{at}")).unwrap();
    let (mut accepted, _) = listener.accept().unwrap();
    accepted.read_exact(&mut [0; 10]).unwrap();
    assert_eq!(on_the_descriptor(at.port(), |socket| socket.priority()), 5);
    push.close();
}

#[cfg(libzmq_define = "ZMQ_HAVE_SO_PEERCRED")]
#[test]
fn only_those_who_may_connect_over_ipc() {
    let context = Context::new().unwrap();
    let mine = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap());
    for (allowed, pull) in [
        (true, context.socket::<Pull>().unwrap().ipc_filter_uid(mine)),
        (false, context.socket::<Pull>().unwrap().ipc_filter_uid(mine + 1)),
        (true, context.socket::<Pull>().unwrap().ipc_filter_uid(mine + 1).ipc_filter_uid(mine)),
        (true, context.socket::<Pull>().unwrap().ipc_filter_pid(number(std::process::id()))),
        (false, context.socket::<Pull>().unwrap().ipc_filter_pid(number(std::process::id() + 1))),
    ] {
        let mut pull = pull.bind(endpoint("ipc")).unwrap();
        let mut push = context.socket::<Push>().unwrap().reconnect(Reconnect::Never);
        let mut monitor = push.monitor().unwrap();
        let mut push = push.linger(Linger::Drop).connect(pull.address()).unwrap();
        // Who has been refused by now has nobody to send to.
        let _ = push.try_send("let me in");
        if allowed {
            assert_eq!(pull.blocking_recv().unwrap(), "let me in");
        } else {
            while !matches!(monitor.blocking_recv().unwrap().unwrap().kind, MonitorEventKind::Disconnected) {}
            assert!(pull.try_recv().unwrap_err().is_would_block());
        }
    }
}

#[test]
fn names_of_network_interfaces_can_be_bound() {
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap().bind("tcp://lo:*").unwrap();
    assert!(pull.address().to_string().starts_with("tcp://127.0.0.1:"), "{}", pull.address());
    let source = format!("tcp://lo:0;127.0.0.1:{}", pull.address().port().unwrap());
    let mut push = context.socket::<Push>().unwrap().connect(source).unwrap();
    push.blocking_send("from lo").unwrap();
    assert_eq!(pull.blocking_recv().unwrap(), "from lo");
    pull.unbind("tcp://lo:*").unwrap();
    let ws = context.socket::<Pull>().unwrap().bind("ws://lo:*/path").unwrap();
    assert!(ws.address().to_string().starts_with("ws://127.0.0.1:"), "{}", ws.address());
    let nothing = context.socket::<Pull>().unwrap().bind("tcp://no-such-interface:*");
    assert!(matches!(nothing, Err(Error::Attach { .. })), "{nothing:?}");
}

#[cfg(libzmq_define = "ZMQ_HAVE_SO_BINDTODEVICE")]
#[test]
fn a_device_can_be_bound_to() {
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap().bind_to_device("lo").bind(endpoint("tcp")).unwrap();
    let mut push = context.socket::<Push>().unwrap().bind_to_device("lo").connect(pull.address()).unwrap();
    push.blocking_send("through lo").unwrap();
    assert_eq!(pull.blocking_recv().unwrap(), "through lo");
}

/// A peer that says nothing is left after the handshake interval.
#[test]
fn a_handshake_takes_only_so_long() {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap().handshake_interval(millis(20)).bind(endpoint("tcp")).unwrap();
    let mut silent = TcpStream::connect(("127.0.0.1", pull.address().port().unwrap())).unwrap();
    silent.set_read_timeout(Some(common::DEADLINE)).unwrap();
    silent.read_to_end(&mut Vec::new()).unwrap();
}

/// A peer that completes the handshake and says nothing more.
fn frozen(listener: &TcpListener) -> TcpStream {
    let (mut peer, _) = listener.accept().unwrap();
    peer.set_read_timeout(Some(common::DEADLINE)).unwrap();
    let mut greeting = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1];
    greeting.extend(b"NULL");
    greeting.resize(64, 0);
    peer.write_all(&greeting).unwrap();
    let ready = b"\x05READY\x0bSocket-Type\0\0\0\x04PULL";
    peer.write_all(&[&[4, ready.len() as u8], &ready[..]].concat()).unwrap();
    peer
}

#[test]
fn a_heartbeat_finds_a_frozen_peer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("tcp://{}", listener.local_addr().unwrap());
    let context = Context::new().unwrap();
    let beat = Heartbeat::every(millis(20)).timeout(millis(40)).ttl(Ttl::constant(millis(300)));
    let mut push = context.socket::<Push>().unwrap().reconnect(Reconnect::Never).heartbeat(beat);
    let mut monitor = push.monitor().unwrap();
    let push = push.connect(&at).unwrap();
    let mut peer = frozen(&listener);
    let mut told = Vec::new();
    while !matches!(told.last(), Some(MonitorEventKind::Disconnected)) {
        told.push(monitor.blocking_recv().unwrap().unwrap().kind);
    }
    assert!(told.iter().any(|kind| matches!(kind, MonitorEventKind::HandshakeSucceeded)), "{told:?}");
    // It was asked, and told in tenths of a second how long to wait.
    let mut heard = Vec::new();
    peer.read_to_end(&mut heard).unwrap();
    assert!(heard.windows(7).any(|bytes| bytes == b"\x04PING\0\x03"), "{}", heard.escape_ascii());
    push.close();
}

/// What a monitor tells of tries to connect to a port where nobody listens.
fn tries(socket: Socket<Push>, tries: usize) -> Vec<MonitorEventKind> {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut socket = socket.linger(Linger::Drop);
    let mut monitor = socket.monitor().unwrap();
    let socket = socket.connect(format!("tcp://{free}")).unwrap();
    let mut told = Vec::new();
    while told.iter().filter(|kind| matches!(kind, MonitorEventKind::ConnectRetried(_))).count() < tries {
        told.push(monitor.blocking_recv().unwrap().unwrap().kind);
    }
    if tries == 0 {
        while !matches!(told.last(), Some(MonitorEventKind::Closed)) {
            told.push(monitor.blocking_recv().unwrap().unwrap().kind);
        }
        // That was it.
        std::thread::sleep(millis(300));
        socket.close();
        while let Some(event) = monitor.blocking_recv().unwrap() {
            told.push(event.kind);
        }
    }
    told
}

#[test]
fn connections_are_tried_again_as_told() {
    let context = Context::new().unwrap();
    let socket = || context.socket::<Push>().unwrap();
    let pauses = |told: Vec<MonitorEventKind>| -> Vec<u128> {
        let pause =
            |kind| if let MonitorEventKind::ConnectRetried(after) = kind { Some(after.as_millis()) } else { None };
        told.into_iter().filter_map(pause).collect()
    };
    let every = pauses(tries(socket().reconnect(Reconnect::Every(millis(3))), 5));
    // With a little by chance, that libzmq adds.
    assert!(every.iter().all(|pause| (3..=6).contains(pause)), "{every:?}");
    let growing = Backoff::constant(millis(2), millis(64));
    let growing = pauses(tries(socket().reconnect(Reconnect::Backoff(growing)), 8));
    assert!(growing[0] < 5 && growing[7] >= 64, "{growing:?}");
    for stops in [
        socket().reconnect(Reconnect::Never),
        socket().reconnect_stop(ReconnectStop::ConnectionRefused).reconnect(Reconnect::Every(millis(1))),
    ] {
        let told = tries(stops, 0);
        assert!(told.iter().all(|kind| !matches!(kind, MonitorEventKind::ConnectRetried(_))), "{told:?}");
    }
}

/// A listener with no room: the system answers nothing.
#[test]
fn a_connect_takes_only_so_long() {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
    socket.listen(0).unwrap();
    let full = socket.local_addr().unwrap().as_socket().unwrap();
    let _first = TcpStream::connect(full).unwrap();
    let context = Context::new().unwrap();
    let mut push = context.socket::<Push>().unwrap().connect_timeout(millis(20)).reconnect(Reconnect::Every(millis(1)));
    let mut monitor = push.monitor().unwrap();
    let _push = push.linger(Linger::Drop).connect(format!("tcp://{full}")).unwrap();
    let mut retried = 0;
    while retried < 2 {
        match monitor.blocking_recv().unwrap().unwrap().kind {
            MonitorEventKind::ConnectRetried(_) => retried += 1,
            MonitorEventKind::Connected => panic!("there was room after all"),
            _ => {}
        }
    }
}

/// As little of SOCKS5 as a connect with a login takes.
fn socks_server() -> (u16, std::thread::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut read = |len: usize, answer: &[u8]| {
            let mut bytes = vec![0; len];
            client.read_exact(&mut bytes).unwrap();
            client.write_all(answer).unwrap();
            bytes
        };
        let methods = read(2, &[])[1];
        assert!(read(methods.into(), &[5, 2]).contains(&2));
        let login = read(2 + 4 + 1 + 8, &[1, 0]);
        let target = read(10, &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        let port = u16::from_be_bytes([target[8], target[9]]);
        let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
        std::thread::spawn(move || std::io::copy(&mut server, &mut client));
        login
    });
    (port, serving)
}

#[test]
fn connections_go_through_a_socks_proxy() {
    let (port, serving) = socks_server();
    let proxy = SocksProxy::at(format!("tcp://127.0.0.1:{port}").parse().unwrap()).login("user", "password").unwrap();
    assert!(!format!("{proxy:?}").contains("password"));
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
    let mut push = context.socket::<Push>().unwrap().socks_proxy(proxy).connect(pull.address()).unwrap();
    push.blocking_send("by a detour").unwrap();
    assert_eq!(pull.blocking_recv().unwrap(), "by a detour");
    assert_eq!(serving.join().unwrap(), b"\x01\x04user\x08password");
}

#[cfg(feature = "draft")]
#[test]
fn multicast_options_are_on_the_descriptor() {
    use std::num::NonZeroU8;
    let context = Context::new().unwrap();
    let radio = context.socket::<Radio>().unwrap().multicast_hops(NonZeroU8::new(9).unwrap()).multicast_loop(false);
    let mut radio = radio.connect("udp://127.0.0.1;239.255.77.1:5999").unwrap();
    radio.blocking_send_to(&group!("g"), "x").unwrap();
    // libzmq opens it in the background.
    let deadline = Instant::now() + common::DEADLINE;
    loop {
        let found = std::fs::read_dir("/proc/self/fd").unwrap().flatten().any(|entry| {
            let descriptor = entry.file_name().into_string().unwrap().parse().unwrap();
            // SAFETY: a descriptor that is not open, or no socket, answers with an error.
            let borrowed = unsafe { BorrowedFd::borrow_raw(descriptor) };
            let socket = SockRef::from(&borrowed);
            socket.multicast_ttl_v4().is_ok_and(|ttl| ttl == 9) && !socket.multicast_loop_v4().unwrap_or(true)
        });
        if found {
            return;
        }
        assert!(Instant::now() < deadline);
        std::thread::sleep(millis(1));
    }
}
