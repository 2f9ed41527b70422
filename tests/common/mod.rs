//! What the tests share: endpoints of their own, both ways to attach, and a deadline that turns a hang into a failure.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod peer;
pub mod players;
pub mod wire;

use std::fs;
use std::future::Future;
use std::num::NonZeroU32;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use zmq_typestate::{CanConnect, Context, Either, HandshakeFailure, Monitor, MonitorEventKind, Socket, SocketType};

/// How much slower everything is under the tools of tests/tools. The longest tests send as many times fewer messages there.
pub const SLOWNESS: u32 = if option_env!("ZMQ_TYPESTATE_SLOW").is_some() { 20 } else { 1 };

/// Far more than anything takes; only a hang gets there.
pub const DEADLINE: Duration = Duration::from_secs(60 * SLOWNESS as u64);

pub const TRANSPORTS: [&str; 4] = ["tcp", "ipc", "inproc", "ws"];

/// An endpoint that nobody else has.
pub fn endpoint(transport: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let unique = format!("zmq-typestate-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    match transport {
        "tcp" => "tcp://127.0.0.1:*".into(),
        "ws" => format!("ws://127.0.0.1:*/{unique}"),
        "udp" => "udp://127.0.0.1:*".into(),
        // An abstract name leaves no file behind.
        "ipc" => format!("ipc://@{unique}"),
        "inproc" => format!("inproc://{unique}"),
        other => panic!("{other}"),
    }
}

pub fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

pub fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// Panics when the time is over, also if the future would then go on: it should have been woken before.
pub async fn within<F: Future>(future: F) -> F::Output {
    within_time(DEADLINE, future).await
}

/// The same for what takes long.
pub async fn within_time<F: Future>(deadline: Duration, future: F) -> F::Output {
    tokio::select! {
        biased;
        () = tokio::time::sleep(deadline) => panic!("it hangs"),
        output = future => output,
    }
}

/// Why the next handshake that fails does.
pub async fn failure(monitor: &mut Monitor) -> HandshakeFailure {
    loop {
        if let MonitorEventKind::HandshakeFailed(failure) = monitor.recv().await.unwrap().unwrap().kind {
            return failure;
        }
    }
}

pub fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

pub fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Two new sockets, one bound, the other connected to it.
pub fn ends<A: SocketType<Fresh: CanConnect>, B: SocketType<Fresh: CanConnect>>(
    context: &Context,
    endpoint: &str,
    first_binds: bool,
) -> (Socket<A::Fresh, Either>, Socket<B::Fresh, Either>) {
    let (first, second) = (context.socket::<A>().unwrap(), context.socket::<B>().unwrap());
    if first_binds {
        let first = first.bind(endpoint).unwrap();
        let second = second.connect(first.address().to_string()).unwrap();
        (first.either(), second.either())
    } else {
        let second = second.bind(endpoint).unwrap();
        let first = first.connect(second.address().to_string()).unwrap();
        (first.either(), second.either())
    }
}

/// Runs a test of two sockets over tcp, ipc, inproc and ws, with either of them binding, on both kinds of runtime.
pub fn everywhere<A: SocketType<Fresh: CanConnect>, B: SocketType<Fresh: CanConnect>>(
    test: impl AsyncFn(Socket<A::Fresh, Either>, Socket<B::Fresh, Either>),
) {
    for runtime in [current_thread(), multi_thread()] {
        for transport in TRANSPORTS {
            for first_binds in [true, false] {
                println!("over {transport}, the first one {}", if first_binds { "binds" } else { "connects" });
                runtime.block_on(async {
                    let context = Context::new().unwrap();
                    let (first, second) = ends::<A, B>(&context, &endpoint(transport), first_binds);
                    within(test(first, second)).await;
                });
            }
        }
    }
}

/// A small generator of numbers that look random; the same ones in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    pub fn bytes(&mut self, count: u64) -> Vec<u8> {
        (0..count).map(|_| self.below(256) as u8).collect()
    }
}

/// What this process has used of the processors.
pub fn cpu_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    // User and system time, in ticks of a hundredth of a second.
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// Runs this one test in a process of its own, where nothing else uses the processors. True in that process.
pub fn alone(test: &str) -> bool {
    const ALONE: &str = "ZMQ_TYPESTATE_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", test, "--include-ignored", "--nocapture"])
        .env(ALONE, "1")
        .stdout(std::process::Stdio::null());
    assert!(child.status().unwrap().success());
    false
}
