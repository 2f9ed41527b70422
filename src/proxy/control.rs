//! What steers a proxy from elsewhere, and what it tells of itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// Pauses, resumes and ends a [`Proxy`](crate::Proxy) from elsewhere, and tells what it has done. Any number of clones, in
/// any thread; the calls do not wait.
///
/// Follows [zmq_proxy_steerable(3)](https://libzmq.readthedocs.io/en/latest/zmq_proxy_steerable.html).
#[derive(Clone, Debug, Default)]
pub struct ProxyControl(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    steering: Mutex<Steering>,
    flows: [Flow; 2],
    missed: AtomicU64,
}

#[derive(Debug, Default)]
struct Steering {
    command: Command,
    waker: Option<Waker>,
}

/// What a proxy is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Command {
    #[default]
    Run,
    Pause,
    Drain,
    Stop,
}

/// Counts what goes one way.
#[derive(Debug, Default)]
struct Flow {
    messages: AtomicU64,
    bytes: AtomicU64,
    dropped: AtomicU64,
}

/// What a proxy has done since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyStats {
    /// From the frontend to the backend.
    pub to_backend: ProxyFlow,
    /// From the backend to the frontend.
    pub to_frontend: ProxyFlow,
    /// Messages that the capturing socket did not get, because it had no room.
    pub missed_by_capture: u64,
}

/// What has gone one way through a proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyFlow {
    /// Messages that were forwarded.
    pub messages: u64,
    /// Their bytes, routing envelopes included.
    pub bytes: u64,
    /// Messages to a peer of a ROUTER that had gone, or had no room; and those that the other socket could not send whole:
    /// several frames where it conflates, more than a datagram takes.
    pub dropped: u64,
}

impl ProxyControl {
    /// Leaves messages in the queues of the sockets, until [`resume`](Self::resume).
    pub fn pause(&self) {
        self.steer(Command::Pause);
    }

    /// Goes on after a pause.
    pub fn resume(&self) {
        self.steer(Command::Run);
    }

    /// Ends the proxy. What has not been forwarded waits in the sockets, which come back: nothing is lost.
    pub fn stop(&self) {
        self.steer(Command::Stop);
    }

    /// Ends the proxy as soon as it finds nothing more to forward, also out of a pause.
    pub fn drain(&self) {
        self.steer(Command::Drain);
    }

    /// What it has done until now.
    #[must_use]
    pub fn stats(&self) -> ProxyStats {
        let [to_backend, to_frontend] = &self.0.flows;
        ProxyStats {
            to_backend: to_backend.read(),
            to_frontend: to_frontend.read(),
            missed_by_capture: self.0.missed.load(Ordering::Relaxed),
        }
    }

    fn steer(&self, command: Command) {
        let mut steering = self.steering();
        // What has been told to end does not go on.
        if steering.command != Command::Stop {
            steering.command = command;
        }
        let waker = steering.waker.take();
        drop(steering);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// What to do now, and whom to wake when that changes.
    pub(super) fn command(&self, waker: &Waker) -> Command {
        let mut steering = self.steering();
        let command = steering.command;
        let old = steering.waker.replace(waker.clone());
        drop(steering);
        // Not under the lock: with a waker, anything may be dropped.
        drop(old);
        command
    }

    fn steering(&self) -> MutexGuard<'_, Steering> {
        self.0.steering.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn forwarded(&self, way: usize, bytes: u64) {
        add(&self.0.flows[way].messages, 1);
        add(&self.0.flows[way].bytes, bytes);
    }

    pub(super) fn dropped(&self, way: usize) {
        add(&self.0.flows[way].dropped, 1);
    }

    pub(super) fn missed(&self) {
        add(&self.0.missed, 1);
    }
}

/// Only the proxy writes: no need for a locked addition.
fn add(count: &AtomicU64, more: u64) {
    count.store(count.load(Ordering::Relaxed) + more, Ordering::Relaxed);
}

impl Flow {
    fn read(&self) -> ProxyFlow {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        ProxyFlow { messages: read(&self.messages), bytes: read(&self.bytes), dropped: read(&self.dropped) }
    }
}
