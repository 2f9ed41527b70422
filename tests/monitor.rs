//! What a monitor tells, and that nobody waits for who listens to it.

mod common;

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use common::{TRANSPORTS, current_thread, endpoint, within};
use zmq_typestate::*;

fn kinds(monitor: &mut Monitor) -> Vec<String> {
    let mut kinds = Vec::new();
    while let Some(event) = monitor.blocking_recv().unwrap() {
        kinds.push(event.kind.to_string());
    }
    kinds
}

#[test]
fn both_ends_tell_what_happens() {
    for transport in TRANSPORTS.into_iter().filter(|transport| *transport != "inproc") {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap();
        let mut of_pull = pull.monitor().unwrap();
        let mut pull = pull.bind(endpoint(transport)).unwrap();
        let mut push = context.socket::<Push>().unwrap();
        let mut of_push = push.monitor().unwrap();
        let mut push = push.connect(pull.address()).unwrap();
        push.blocking_send("x").unwrap();
        assert_eq!(pull.blocking_recv().unwrap(), "x");

        let listening = of_pull.try_recv().unwrap().unwrap();
        assert_eq!((listening.endpoint, listening.kind.to_string()), (pull.address().to_string(), "listening".into()));
        assert_eq!(of_pull.blocking_recv().unwrap().unwrap().kind.to_string(), "accepted");
        // WebSocket has a handshake of its own.
        for _ in 0..if transport == "ws" { 2 } else { 1 } {
            assert_eq!(of_pull.blocking_recv().unwrap().unwrap().kind.to_string(), "handshake succeeded");
        }

        push.close();
        let told = kinds(&mut of_push);
        let connected = told.iter().position(|kind| kind == "connected").unwrap();
        assert_eq!(told[connected + 1], "handshake succeeded", "{told:?}");
        // The end stays the end.
        assert!(of_push.try_recv().unwrap().is_none() && of_push.blocking_recv().unwrap().is_none());
        assert_eq!(of_pull.blocking_recv().unwrap().unwrap().kind.to_string(), "disconnected");
        let at = pull.address().to_string();
        pull.unbind(&at).unwrap();
        let closed = of_pull.blocking_recv().unwrap().unwrap();
        assert_eq!((closed.endpoint, closed.kind.to_string()), (at, "closed".into()));
        assert!(of_pull.try_recv().unwrap_err().is_would_block());
    }
}

#[test]
fn a_monitor_is_awaited_in_any_mode_and_moves_to_another_task() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut rep = context.socket::<Rep>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut monitor = rep.monitor().unwrap();
        let listening = tokio::spawn(async move {
            let mut told = Vec::new();
            while let Some(event) = monitor.recv().await.unwrap() {
                told.push(event.kind.to_string());
            }
            told
        });
        let mut req = context.socket::<Req>().unwrap().connect(rep.address()).unwrap();
        let answering = tokio::spawn(async move {
            rep.next_request().await.unwrap().reply("answer").unwrap();
            rep
        });
        assert_eq!(req.request("question").await.unwrap(), "answer");
        drop(answering.await.unwrap());
        assert_eq!(listening.await.unwrap(), ["accepted", "handshake succeeded"]);
    }));
}

#[test]
fn a_socket_has_one_monitor_at_a_time() {
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap();
    let first = pull.monitor().unwrap();
    assert!(matches!(pull.monitor(), Err(Error::AlreadyMonitored { socket: "PULL" })));
    drop(first);
    for _ in 0..100 {
        drop(pull.monitor().unwrap());
    }
    let mut last = pull.monitor().unwrap();
    drop(pull.bind(endpoint("tcp")).unwrap());
    assert_eq!(kinds(&mut last), ["listening"]);
}

#[test]
fn a_peer_of_the_wrong_type_hangs_up() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let publisher = context.socket::<Pub>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut pull = context.socket::<Pull>().unwrap().reconnect(Reconnect::Never);
        let mut monitor = pull.monitor().unwrap();
        let _pull = pull.connect(publisher.address().to_string()).unwrap();
        let error = monitor.wait_connected(1).await.unwrap_err();
        let Error::PeerHungUp { socket: "PULL", endpoint } = &error else { panic!("{error:?}") };
        assert_eq!(*endpoint, publisher.address().to_string());
        // And nothing of it is lost.
        assert!(matches!(
            monitor.recv().await.unwrap().unwrap().kind,
            MonitorEventKind::ConnectDelayed | MonitorEventKind::Connected
        ));
    }));
}

#[test]
fn a_handshake_that_fails_says_why() {
    let context = Context::new().unwrap();
    let mut pull = context.socket::<Pull>().unwrap();
    let mut monitor = pull.monitor().unwrap();
    let pull = pull.bind(endpoint("tcp")).unwrap();
    let mut stranger = TcpStream::connect(("127.0.0.1", pull.address().port().unwrap())).unwrap();
    let mut greeting = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0];
    greeting.extend(b"CURVE");
    greeting.resize(64, 0);
    stranger.write_all(&greeting).unwrap();
    let failure = loop {
        if let MonitorEventKind::HandshakeFailed(why) = monitor.blocking_recv().unwrap().unwrap().kind {
            break why;
        }
    };
    assert!(matches!(failure, HandshakeFailure::Protocol(0x1100_0002)), "{failure:?}");
    assert_eq!(failure.to_string(), "the peer has another security mechanism");
}

#[test]
fn peers_are_waited_for() {
    for transport in ["tcp", "ipc", "ws"] {
        current_thread().block_on(within(three_peers_are_waited_for(transport)));
    }
    current_thread().block_on(within(async {
        // A STREAM has no handshake.
        let context = Context::new().unwrap();
        let mut stream = context.socket::<Stream>().unwrap();
        let mut monitor = stream.monitor().unwrap();
        let stream = stream.bind(endpoint("tcp")).unwrap();
        let _peer = TcpStream::connect(("127.0.0.1", stream.address().port().unwrap())).unwrap();
        monitor.wait_connected(1).await.unwrap();
    }));
}

async fn three_peers_are_waited_for(transport: &str) {
    let context = Context::new().unwrap();
    let mut push = context.socket::<Push>().unwrap();
    let mut monitor = push.monitor().unwrap();
    monitor.wait_connected(0).await.unwrap();
    let mut push = push.bind(endpoint(transport)).unwrap();
    let worker = || context.socket::<Pull>().unwrap().connect(push.address()).unwrap();
    let mut workers = [worker(), worker(), worker()];
    monitor.wait_connected(3).await.unwrap();
    let fourth = tokio::time::timeout(Duration::from_millis(50), monitor.wait_connected(4)).await;
    assert!(fourth.is_err());
    for number in 0..9u8 {
        push.send([number]).await.unwrap();
    }
    for worker in &mut workers {
        for _ in 0..3 {
            worker.recv().await.unwrap();
        }
    }
    let mut handshakes = 0;
    while handshakes < 3 {
        let event = monitor.recv().await.unwrap().unwrap();
        handshakes += usize::from(matches!(event.kind, MonitorEventKind::HandshakeSucceeded));
    }
}

#[test]
fn a_monitor_ends_with_the_context() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap();
        let mut monitor = pull.monitor().unwrap();
        let waiting = tokio::spawn(async move { monitor.wait_connected(1).await });
        tokio::task::yield_now().await;
        context.shutdown();
        assert!(matches!(waiting.await.unwrap(), Err(Error::ContextTerminated { .. })));
        assert!(matches!(pull.monitor(), Err(Error::ContextTerminated { .. })));
        drop(pull);
        assert_eq!(context.terminate().await, Termination::InTime);
    }));
}

/// Ten thousand connections come and go, and nobody receives what is told of them.
#[test]
fn a_monitor_that_nobody_reads_holds_up_nobody() {
    const CONNECTIONS: usize = 10_000;
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap();
        let mut monitor = pull.monitor().unwrap();
        let pull = pull.bind(endpoint("tcp")).unwrap();
        let port = pull.address().port().unwrap();
        // Of the same context, whose one I/O thread serves both.
        let mut echo = context.socket::<Pair>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut other = context.socket::<Pair>().unwrap().connect(echo.address()).unwrap();
        for number in 0..CONNECTIONS {
            drop(TcpStream::connect(("127.0.0.1", port)).unwrap());
            if number % 100 == 0 {
                other.send("still there?").await.unwrap();
                let asked = echo.recv().await.unwrap();
                echo.send(asked).await.unwrap();
                other.recv().await.unwrap();
            }
        }
        // They are all there to be received.
        let mut ended = 0;
        while ended < CONNECTIONS {
            let event = monitor.recv().await.unwrap().unwrap();
            ended += usize::from(matches!(event.kind, MonitorEventKind::Disconnected));
        }
    }));
}

/// A monitor that was dropped while its socket lives, or outlives it, leaves nobody waiting.
#[test]
fn a_monitor_may_go_first_or_last() {
    let context = Context::new().unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let monitored = || {
        let push = context.socket::<Push>().unwrap().reconnect(Reconnect::Every(Duration::from_millis(1)));
        let mut push = push.linger(Linger::Drop);
        let monitor = push.monitor().unwrap();
        (push.connect(format!("tcp://{gone}")).unwrap(), monitor)
    };
    let (push, monitor) = monitored();
    drop(monitor);
    // Events go on, and the I/O thread with them.
    let mut pull = context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap();
    let mut feed = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();
    for _ in 0..100 {
        feed.blocking_send("x").unwrap();
        pull.blocking_recv().unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(push);
    let (push, mut monitor) = monitored();
    drop(push);
    assert!(kinds(&mut monitor).iter().all(|kind| kind != "listening"));
    current_thread().block_on(within(async {
        drop((pull, feed, monitor));
        assert_eq!(context.terminate().await, Termination::InTime);
    }));
}

/// One that cannot be replaced unseen goes on as it is.
#[test]
fn a_monitored_req_stays_the_same_socket() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut router = context.socket::<Router>().unwrap().bind(endpoint("tcp")).unwrap();
        let mut req = context.socket::<Req>().unwrap();
        let mut monitor = req.monitor().unwrap();
        let mut req = req.connect(router.address()).unwrap();
        let given_up = tokio::time::timeout(Duration::from_millis(20), req.request("first")).await;
        assert!(given_up.is_err());
        let (first, _) = router.recv_request().await.unwrap();
        router.reply(first, "too late").await.unwrap();
        let answering = tokio::spawn(async move {
            let (second, question) = router.recv_request().await.unwrap();
            assert_eq!(question[0], "second");
            router.reply(second, "answer").await.unwrap();
            router
        });
        assert_eq!(req.request("second").await.unwrap(), "answer");
        drop((req, answering.await.unwrap()));
        let told = kinds(&mut monitor);
        assert_eq!(told.iter().filter(|kind| *kind == "connected").count(), 1, "{told:?}");
    }));
}

#[cfg(feature = "draft")]
#[test]
fn shared_sockets_are_monitored_too() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut server = context.socket::<Server>().unwrap();
        let mut monitor = server.monitor().unwrap();
        let server = server.bind(endpoint("tcp")).unwrap().share();
        let client = context.socket::<Client>().unwrap().connect(server.address()).unwrap().share();
        monitor.wait_connected(1).await.unwrap();
        client.send("x").await.unwrap();
        assert_eq!(server.recv().await.unwrap().1, "x");
        drop(server);
        assert_eq!(kinds(&mut monitor)[..3], ["listening", "accepted", "handshake succeeded"]);
    }));
}
