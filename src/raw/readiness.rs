//! How a task waits for a socket.
//!
//! libzmq signals a socket's descriptor once each time that commands arrive for a socket which had none left to read.
//! Any call on the socket may read them, and with them the signal. So: after `EAGAIN` the descriptor is waited for only
//! once the socket has nothing left to read, and where a sender and a receiver wait at the same time, whoever reads the
//! commands looks whether the other one must be woken.

use std::os::fd::{AsRawFd, RawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker, ready};

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::runtime::{Handle, Id};

use super::{Errno, Socket};

/// Which way a message goes; the value is the bit that `ZMQ_EVENTS` has for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Recv = 1,
    Send = 2,
}

impl Direction {
    fn ready(self, events: i32) -> bool {
        events & self as i32 != 0
    }

    fn other(self) -> Self {
        match self {
            Direction::Recv => Direction::Send,
            Direction::Send => Direction::Recv,
        }
    }
}

/// Why waiting ended without the operation being done.
pub(crate) enum WaitError {
    Errno(Errno),
    /// There is no tokio runtime to wait on.
    NoRuntime,
    /// The runtime was built without its I/O driver.
    NoIoDriver,
    /// The driver refused the descriptor.
    Register(std::io::Error),
}

#[derive(Default)]
pub(crate) struct Readiness {
    registered: Option<Registered>,
    /// Where both directions may wait at once, because the socket is split; else the one waiter needs no slot.
    waiters: Option<Arc<Waiters>>,
}

struct Registered {
    fd: AsyncFd<Descriptor>,
    runtime: Id,
}

/// The socket's descriptor, which libzmq owns and closes.
struct Descriptor(RawFd);

impl AsRawFd for Descriptor {
    fn as_raw_fd(&self) -> RawFd {
        self.0
    }
}

/// One slot for the task that sends and one for the task that receives; as a waker on the descriptor it wakes both.
#[derive(Default)]
struct Waiters(Mutex<Slots>);

#[derive(Default)]
struct Slots {
    recv: Option<Waker>,
    send: Option<Waker>,
}

impl Slots {
    fn of(&mut self, direction: Direction) -> &mut Option<Waker> {
        match direction {
            Direction::Recv => &mut self.recv,
            Direction::Send => &mut self.send,
        }
    }
}

impl Waiters {
    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, direction: Direction) -> Option<Waker> {
        self.slots().of(direction).take()
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        let Slots { recv, send } = std::mem::take(&mut *self.slots());
        recv.into_iter().chain(send).for_each(Waker::wake);
    }
}

impl Readiness {
    /// Deregisters the descriptor, while it is still ours.
    pub(super) fn forget(&mut self) {
        self.registered = None;
    }

    fn register(&mut self, descriptor: RawFd) -> Result<(), WaitError> {
        self.registered = None;
        let runtime = Handle::try_current().map_err(|_| WaitError::NoRuntime)?.id();
        // Not for writing: libzmq signals both directions as readability, and the descriptor can always be written.
        let register = || {
            // SAFETY: the descriptor is the socket's own and stays open until the socket is closed, which first
            // deregisters it (`Readiness::forget`); it is the same number every time.
            unsafe { AsyncFd::register_with_interest(Descriptor(descriptor), Interest::READABLE) }
        };
        // tokio has no question for "is the I/O driver there?": registering panics where it is not. Nothing of ours is
        // left half changed by that.
        match catch_unwind(AssertUnwindSafe(register)) {
            Ok(Ok(fd)) => {
                self.registered = Some(Registered { fd, runtime });
                Ok(())
            }
            Ok(Err(refused)) => Err(WaitError::Register(refused.into())),
            Err(_) => Err(WaitError::NoIoDriver),
        }
    }

    /// `Ready` when the descriptor has been signalled since the last time; the signal is then taken.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WaitError>> {
        let Some(registered) = &self.registered else { return Poll::Ready(Err(WaitError::NoRuntime)) };
        match ready!(registered.fd.poll_read_ready(cx)) {
            Ok(mut signal) => signal.clear_ready(),
            // The runtime that it was registered with has ended: the caller registers anew.
            Err(_) => self.registered = None,
        }
        Poll::Ready(Ok(()))
    }
}

impl Socket {
    /// Sees to it that the current runtime watches the descriptor.
    #[inline]
    pub(super) fn register(&mut self) -> Result<(), WaitError> {
        if self.readiness().registered.is_some() { Ok(()) } else { self.register_anew() }
    }

    #[cold]
    fn register_anew(&mut self) -> Result<(), WaitError> {
        let descriptor = self.descriptor().map_err(WaitError::Errno)?;
        self.readiness().register(descriptor)
    }

    /// Lets both directions be waited for at the same time, from different tasks, or no longer.
    pub(crate) fn set_shared(&mut self, shared: bool) {
        self.readiness().waiters = shared.then(Arc::default);
    }

    /// After an operation said `EAGAIN`: `Ready` when it is worth another try, `Pending` when a wakeup is certain.
    /// `retried` is the caller's memory of a try that was made because `ZMQ_EVENTS` promised success in vain, as it does
    /// for a ROUTER with one full peer: without it the task would spin.
    pub(super) fn park(
        &mut self,
        cx: &mut Context<'_>,
        direction: Direction,
        retried: &mut bool,
    ) -> Poll<Result<(), WaitError>> {
        // A socket that moved to another runtime is woken there. The first one may never run again.
        if let (Some(registered), Ok(current)) = (&self.readiness().registered, Handle::try_current())
            && registered.runtime != current.id()
        {
            self.readiness().registered = None;
        }
        self.register()?;

        let waiters = self.readiness().waiters.clone();
        if let Some(waiters) = &waiters {
            let mut slots = waiters.slots();
            let slot = slots.of(direction);
            if !slot.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                *slot = Some(cx.waker().clone());
            }
        }
        // A receive that says EAGAIN has read every command; a send may have left the one that makes room for it. After a
        // retry nothing is asked any more: the answer could have taken the signal of the very command that is waited for,
        // and `ZMQ_EVENTS`, which promised success before, could not tell. What came after the retry still has its signal.
        if (direction == Direction::Send || waiters.is_some()) && !*retried {
            let events = self.events().map_err(WaitError::Errno)?;
            if let Some(waiters) = &waiters
                && direction.other().ready(events)
                && let Some(waker) = waiters.take(direction.other())
            {
                waker.wake();
            }
            if direction.ready(events) {
                *retried = true;
                return Poll::Ready(Ok(()));
            }
        }
        ready!(match waiters {
            None => self.readiness().poll(cx),
            Some(waiters) => self.readiness().poll(&mut Context::from_waker(&Waker::from(waiters))),
        })?;
        *retried = false;
        Poll::Ready(Ok(()))
    }

    /// After an operation that may have read the commands which the other direction waits for.
    #[inline]
    pub(crate) fn hand_over(&mut self, done: Direction) {
        if self.readiness().waiters.is_some() {
            self.hand_over_shared(done);
        }
    }

    fn hand_over_shared(&mut self, done: Direction) {
        let Some(waiters) = self.readiness().waiters.clone() else { return };
        let waiting = {
            let mut slots = waiters.slots();
            *slots.of(done) = None;
            slots.of(done.other()).is_some()
        };
        // A failure here (the context has ended) is news for the other direction too.
        if waiting
            && self.events().map_or(true, |events| done.other().ready(events))
            && let Some(waker) = waiters.take(done.other())
        {
            waker.wake();
        }
    }
}
