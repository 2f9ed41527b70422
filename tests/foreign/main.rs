//! Against peers of other implementations, in processes of their own: each message arrives, once, whole, in its place.
//!
//! Those are pyzmq (module `pyzmq`), the `zeromq` crate, which is written in Rust (`zeromq_crate`), and for the draft types,
//! which neither has, libzmq without this crate (`libzmq`). Each type binds and connects, sends and receives, over tcp and
//! ipc: 100,000 messages each way, of all sizes, in one frame and in several (`stream`). It is 2,000 where each has to wait
//! for the one before, with 100,000 in the tests that are ignored otherwise
//! (`cargo test --release --all-features --test foreign -- --ignored`), and where a pattern differs from another one only in
//! the name of the peer.

#[path = "../common/mod.rs"]
mod common;

mod classic;
#[cfg(feature = "draft")]
mod libzmq;
mod pyzmq;
#[cfg(feature = "draft")]
mod raw;
mod stream;
mod zeromq_crate;

use common::peer::{Peer, Wire};
use common::{DEADLINE, SLOWNESS, current_thread, multi_thread, within_time};
use tokio::process::Command;
use tokio::runtime::Runtime;
use zmq_typestate::{CanConnect, Context, Either, Socket, SocketType};

const MANY: u32 = 100_000 / SLOWNESS;
/// Of messages that wait for each other, and of patterns that are much like another one.
const FEWER: u32 = 2_000 / SLOWNESS;

/// One of our sockets, and the process that has the other end.
struct Meeting {
    context: Context,
    we_bind: bool,
    endpoint: String,
    peer: Wire,
}

impl Meeting {
    /// Attaches a socket, and lets the peer attach its own.
    async fn attach<T: SocketType + CanConnect>(&mut self, socket: Socket<T>) -> Socket<T, Either> {
        if self.we_bind {
            let socket = socket.bind(self.endpoint.as_str()).unwrap();
            self.admit(&socket.address().to_string()).await;
            socket.either()
        } else {
            socket.connect(self.address().await).unwrap().either()
        }
    }

    /// Lets the peer connect to us; what it says to that.
    async fn admit(&mut self, address: &str) -> String {
        self.peer.tell(&format!("connect {address}")).await;
        self.peer.line().await
    }

    /// Lets the peer bind.
    async fn address(&mut self) -> String {
        self.peer.tell(&format!("bind {}", self.endpoint)).await;
        self.peer.line().await
    }

    /// The peer has received all: only then may what has sent it be closed. Over ipc libzmq loses what a receiver had no room
    /// for until then.
    async fn all_received(&mut self) {
        assert_eq!(self.peer.line().await, "all");
    }
}

fn meet(runtime: &Runtime, peer: Command, endpoint: String, we_bind: bool, test: impl AsyncFn(&mut Meeting)) {
    // A hundred thousand messages, on a busy machine, in a build without optimisation.
    runtime.block_on(within_time(10 * DEADLINE, async {
        let Peer { mut process, wire } = Peer::new(peer);
        let mut meeting = Meeting { context: Context::new().unwrap(), we_bind, endpoint, peer: wire };
        tokio::select! {
            () = test(&mut meeting) => {}
            status = process.wait() => panic!("the peer ended too early: {status:?}"),
        }
        Peer { process, wire: meeting.peer }.ends().await;
    }));
}

/// Meets a new process each time, over each of the transports, with either end binding, on both kinds of runtime.
fn everywhere(peer: impl Fn() -> Command, endpoint: impl Fn(&str) -> String, test: impl AsyncFn(&mut Meeting)) {
    for transport in ["tcp", "ipc"] {
        for we_bind in [true, false] {
            println!("over {transport}, {}", if we_bind { "bound" } else { "connected" });
            let runtime = if we_bind == (transport == "tcp") { current_thread() } else { multi_thread() };
            meet(&runtime, peer(), endpoint(transport), we_bind, &test);
        }
    }
}
