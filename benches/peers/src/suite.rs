//! Who is compared, and at what.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use peers::Order;

pub struct Contender {
    pub name: &'static str,
    program: Program,
    runtime: &'static str,
    /// Whether it also takes part where both ends share a thread: not a second time for the same library.
    shares_thread: bool,
    /// It waits in the way that is for short round trips, and takes part where that is what counts.
    low_latency: bool,
    /// It gets one part in so many of the small messages: all of them would take it minutes.
    slower: u64,
    pub ours: bool,
}

enum Program {
    /// `contender-..`, built with the feature of that name.
    Rust {
        name: &'static str,
        feature: &'static str,
        libzmq: Libzmq,
    },
    Python,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Libzmq {
    /// As zmq-sys builds it by itself; or none.
    Stock,
    /// With the flags of `.cargo/config.toml` in this repository.
    Documented,
}

const fn rust(name: &'static str, runtime: &'static str) -> Contender {
    let program = Program::Rust { name, feature: name, libzmq: Libzmq::Stock };
    Contender { name, program, runtime, shares_thread: true, low_latency: false, slower: 1, ours: false }
}

const fn ours(name: &'static str, feature: &'static str, libzmq: Libzmq, runtime: &'static str) -> Contender {
    let program = Program::Rust { name: "typestate", feature, libzmq };
    Contender { program, ours: true, ..rust(name, runtime) }
}

/// All others are measured by it.
pub const REFERENCE: usize = 0;

/// The reference comes first.
pub const CONTENDERS: &[Contender] = &[
    rust("zmq", "threads"),
    ours("zmq-typestate", "typestate-documented", Libzmq::Documented, "current_thread"),
    Contender {
        low_latency: true,
        ..ours("zmq-typestate-low", "typestate-documented", Libzmq::Documented, "current_thread")
    },
    Contender {
        shares_thread: false,
        ..ours("zmq-typestate-multi", "typestate-documented", Libzmq::Documented, "multi_thread")
    },
    ours("zmq-typestate-stock", "typestate", Libzmq::Stock, "current_thread"),
    // As the examples of each have it: `#[tokio::main]`.
    rust("tmq", "multi_thread"),
    rust("zeromq", "multi_thread"),
    rust("rzmq", "multi_thread"),
    Contender { name: "omq-tokio", ..rust("omq", "multi_thread") },
    Contender { program: Program::Python, shares_thread: false, slower: 20, ..rust("pyzmq", "current_thread") },
];

pub struct Workload {
    pub name: &'static str,
    processes: Processes,
    size: usize,
    messages: u64,
    width: usize,
    /// Whether both ends run on one thread, where tasks can.
    one_thread: bool,
    /// Whether messages go back and forth.
    round_trips: bool,
}

enum Processes {
    One(&'static str),
    /// The first one binds, the second one connects.
    Two(&'static str, &'static str),
}

const fn workload(name: &'static str, processes: Processes, messages: u64) -> Workload {
    Workload { name, processes, size: 64, messages, width: 1, one_thread: false, round_trips: false }
}

/// So many messages as keep the reference busy for half a second to a second.
pub const WORKLOADS: &[Workload] = &[
    workload("push_pull tcp 64 B", Processes::Two("pull", "push"), 2_500_000),
    Workload { width: 64, ..workload("push_pull tcp 64 B, batches", Processes::Two("pull", "push"), 2_500_000) },
    Workload { size: 1 << 10, ..workload("push_pull tcp 1 KiB", Processes::Two("pull", "push"), 450_000) },
    Workload { size: 1 << 16, ..workload("push_pull tcp 64 KiB", Processes::Two("pull", "push"), 16_000) },
    Workload { size: 1 << 20, ..workload("push_pull tcp 1 MiB", Processes::Two("pull", "push"), 1_500) },
    workload("push_pull inproc 64 B", Processes::One("inproc_push_pull"), 3_000_000),
    Workload {
        one_thread: true,
        ..workload("push_pull inproc 64 B, one thread", Processes::One("inproc_push_pull"), 3_000_000)
    },
    Workload { round_trips: true, ..workload("req_rep tcp", Processes::Two("rep", "req"), 6_000) },
    Workload { round_trips: true, ..workload("req_rep inproc", Processes::One("inproc_req_rep"), 10_000) },
    Workload {
        round_trips: true,
        one_thread: true,
        ..workload("req_rep inproc, one thread", Processes::One("inproc_req_rep"), 10_000)
    },
    Workload {
        width: 100,
        round_trips: true,
        ..workload("dealer_router tcp, 100 in flight", Processes::Two("router", "dealer"), 300_000)
    },
    workload("pub_sub tcp, 1 subscriber", Processes::Two("publish", "subscribe"), 2_500_000),
    Workload { width: 10, ..workload("pub_sub tcp, 10 subscribers", Processes::Two("publish", "subscribe"), 200_000) },
    Workload { width: 1_000, ..workload("1000 sockets, 1 pair busy", Processes::One("many"), 3_000_000) },
];

impl Workload {
    /// The roles of its processes, in the order in which they start.
    pub fn roles(&self) -> impl Iterator<Item = &'static str> {
        let (first, second) = match self.processes {
            Processes::One(role) => (role, None),
            Processes::Two(binder, connector) => (binder, Some(connector)),
        };
        [Some(first), second].into_iter().flatten()
    }
}

impl Contender {
    /// What it is started with, but for its role; none where the workload is not for it.
    pub fn order(&self, workload: &Workload, quick: bool) -> Option<Order> {
        let runtime = match self.runtime {
            _ if workload.one_thread && !self.shares_thread => return None,
            _ if self.low_latency && !workload.round_trips => return None,
            "current_thread" | "multi_thread" if workload.one_thread => "one_thread",
            runtime => runtime,
        };
        let slower = if workload.size > 1 << 10 { 1 } else { self.slower };
        Some(Order {
            role: String::new(),
            runtime: runtime.to_owned(),
            size: workload.size,
            messages: workload.messages / slower / if quick { 10 } else { 1 },
            width: workload.width,
            endpoint: String::new(),
            low_latency: self.low_latency,
        })
    }

    /// Builds it; gives the command that starts it, or why it cannot.
    pub fn build(&self) -> Result<Launch, String> {
        match self.program {
            Program::Rust { name, feature, libzmq } => build(name, feature, libzmq),
            Program::Python => python(),
        }
    }
}

/// How a contender is started: a program, and arguments that come before the order.
pub struct Launch {
    program: PathBuf,
    script: Option<PathBuf>,
}

impl Launch {
    pub fn command(&self, order: &Order) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.script).args(order.to_args()).env("RUST_BACKTRACE", "0");
        command
    }
}

/// Where this package is.
fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn build(name: &str, feature: &str, libzmq: Libzmq) -> Result<Launch, String> {
    let program = format!("contender-{name}");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    // What is set for this program by the `[env]` of the configuration would else count as set by the user.
    let target = match libzmq {
        Libzmq::Stock => {
            cargo.env("CXXFLAGS", "");
            "target/stock"
        }
        Libzmq::Documented => {
            cargo.env_remove("CXXFLAGS");
            "target/documented"
        }
    };
    cargo.current_dir(home());
    cargo.args(["build", "--release", "--no-default-features", "--features", feature]);
    cargo.args(["--bin", &program, "--target-dir", target]);
    match cargo.status() {
        Ok(status) if status.success() => {
            Ok(Launch { program: home().join(target).join("release").join(program), script: None })
        }
        Ok(status) => Err(format!("cargo: {status}")),
        Err(error) => Err(format!("cargo: {error}")),
    }
}

fn python() -> Result<Launch, String> {
    let program = env::var_os("PYZMQ_PYTHON").unwrap_or("python3".into());
    let test = Command::new(&program).args(["-c", "import zmq.asyncio"]).stderr(Stdio::null()).status();
    if !test.is_ok_and(|status| status.success()) {
        return Err("neither PYZMQ_PYTHON nor python3 is a Python with pyzmq".to_owned());
    }
    Ok(Launch { program: program.into(), script: Some(home().join("src/contenders/pyzmq.py")) })
}
