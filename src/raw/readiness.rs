//! How a task waits for a socket.
//!
//! libzmq signals a socket's descriptor once each time that commands arrive for a socket which had none left to read.
//! Any call on a classic socket may read them, and with them the signal. So: after `EAGAIN` the descriptor is waited for
//! only once the socket has nothing left to read, and where several wait at the same time, whoever reads the commands
//! looks whether the others must be woken. A thread-safe socket's signals stay until they are drained; whoever drains
//! them wakes everybody, and looks once more.
//!
//! A signal wakes every waiter, not one of them: what one waits for (room at its own peer) may be there while what the
//! next one waits for is not, and one that is woken and then dropped takes nobody's turn.

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
    /// Whether `ZMQ_EVENTS` has its bit.
    pub(crate) fn ready(self, events: i32) -> bool {
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
    /// Where several may wait at once, because the socket is shared; else the one waiter needs no queue.
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

/// Those who wait for a shared socket, the longest first; as a waker on the descriptor it wakes them all.
#[derive(Default)]
struct Waiters(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiter>,
    tickets: u64,
}

struct Waiter {
    ticket: u64,
    direction: Direction,
    waker: Waker,
    /// None for a thread, which waits on the descriptor by itself.
    runtime: Option<Id>,
}

/// The place in the queue of one call, kept until the call is over or given up.
#[derive(Default)]
pub(crate) struct Ticket {
    /// From the first time that it has had to wait.
    place: Option<Place>,
    /// It blocks a thread, which needs no runtime.
    blocking: bool,
}

struct Place {
    number: u64,
    waiters: Arc<Waiters>,
    runtime: Option<Id>,
}

impl Ticket {
    pub(crate) fn blocking() -> Self {
        Self { place: None, blocking: true }
    }

    pub(super) fn blocks(&self) -> bool {
        self.blocking
    }

    /// The call is over: it has what it waited for, or has been given up.
    #[inline]
    pub(super) fn leave(&mut self) {
        if let Some(place) = self.place.take() {
            place.leave();
        }
    }
}

impl Place {
    fn leave(self) {
        self.waiters.take(|waiter| waiter.ticket == self.number);
        // The descriptor may be watched by this call's runtime, which may have nothing left to run for: those who wait on
        // another one watch it themselves.
        if self.runtime.is_some() {
            self.waiters.wake_those(|waiter| waiter.runtime.is_some() && waiter.runtime != self.runtime);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Waiters {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn join(self: &Arc<Self>, ticket: &mut Ticket, direction: Direction, waker: &Waker) {
        let runtime = if ticket.blocking { None } else { Handle::try_current().ok().map(|runtime| runtime.id()) };
        let mut waker = waker.clone();
        let mut queue = self.queue();
        let place = ticket.place.get_or_insert_with(|| {
            queue.tickets += 1;
            Place { number: queue.tickets, waiters: self.clone(), runtime }
        });
        place.runtime = runtime;
        match queue.waiting.iter_mut().find(|waiter| waiter.ticket == place.number) {
            Some(waiter) => {
                std::mem::swap(&mut waiter.waker, &mut waker);
                waiter.runtime = runtime;
            }
            None => {
                queue.waiting.push(Waiter { ticket: place.number, direction, waker, runtime });
                return;
            }
        }
        // Not under the lock: with the old waker, anything may be dropped.
        drop(queue);
        drop(waker);
    }

    fn any(&self, which: impl FnMut(&Waiter) -> bool) -> bool {
        self.queue().waiting.iter().any(which)
    }

    fn take(&self, mut which: impl FnMut(&Waiter) -> bool) -> Vec<Waiter> {
        self.queue().waiting.extract_if(.., |waiter| which(waiter)).collect()
    }

    fn wake_those(&self, which: impl FnMut(&Waiter) -> bool) {
        // Not under the lock either: a waker may do anything.
        self.take(which).into_iter().for_each(|waiter| waiter.waker.wake());
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.wake_those(|_| true);
    }
}

impl Readiness {
    /// Deregisters the descriptor, while it is still ours.
    pub(super) fn forget(&mut self) {
        self.registered = None;
    }

    #[cfg(feature = "draft")]
    pub(super) fn wake_all(&self) {
        if let Some(waiters) = &self.waiters {
            waiters.wake_those(|_| true);
        }
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
    pub(crate) fn register(&mut self) -> Result<(), WaitError> {
        if self.readiness().registered.is_some() { Ok(()) } else { self.register_anew() }
    }

    #[cold]
    fn register_anew(&mut self) -> Result<(), WaitError> {
        let descriptor = self.descriptor().map_err(WaitError::Errno)?;
        self.readiness().register(descriptor)
    }

    /// As `register`, for a task that is about to wait. A socket that moved to another runtime is woken there: the first one
    /// may never run again.
    pub(crate) fn register_here(&mut self) -> Result<(), WaitError> {
        if let (Some(registered), Ok(current)) = (&self.readiness().registered, Handle::try_current())
            && registered.runtime != current.id()
        {
            self.readiness().registered = None;
        }
        self.register()
    }

    /// For a task that uses a socket in both directions, and has nobody beside it: `Ready` when the descriptor has been
    /// signalled since the last time. All that came before must have been looked at.
    pub(crate) fn poll_signal(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WaitError>> {
        self.register_here()?;
        self.readiness().poll(cx)
    }

    /// Lets several wait at the same time, for both directions, or no longer.
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
        ticket: &mut Ticket,
        retried: &mut bool,
    ) -> Poll<Result<(), WaitError>> {
        if !ticket.blocking {
            self.register_here()?;
        }
        self.release_monitor();
        // Those who wait already are woken by this; the caller joins them only now.
        let drained = !*retried && self.drain();
        let waiters = self.readiness().waiters.clone();
        if let Some(waiters) = &waiters {
            waiters.join(ticket, direction, cx.waker());
        }
        // A receive that says EAGAIN has read every command; a send may have left the one that makes room for it. After a
        // retry nothing is asked any more: the answer could have taken the signal of the very command that is waited for,
        // and `ZMQ_EVENTS`, which promised success before, could not tell. What came after the retry still has its signal.
        if (direction == Direction::Send || waiters.is_some() || drained) && !*retried {
            let events = self.events().map_err(WaitError::Errno)?;
            if let Some(waiters) = &waiters
                && !self.is_thread_safe()
                && direction.other().ready(events)
            {
                waiters.wake_those(|waiter| waiter.direction == direction.other());
            }
            if direction.ready(events) {
                *retried = true;
                return Poll::Ready(Ok(()));
            }
        }
        if ticket.blocking {
            return Poll::Pending;
        }
        ready!(match waiters {
            None => self.readiness().poll(cx),
            Some(waiters) => self.readiness().poll(&mut Context::from_waker(&Waker::from(waiters))),
        })?;
        *retried = false;
        Poll::Ready(Ok(()))
    }

    /// Has everybody who waits for this direction look again.
    #[cfg(feature = "draft")]
    pub(crate) fn wake(&mut self, direction: Direction) {
        if let Some(waiters) = &self.readiness().waiters {
            waiters.wake_those(|waiter| waiter.direction == direction);
        }
    }

    /// After an operation that may have read the commands which others wait for.
    #[inline]
    pub(crate) fn hand_over(&mut self) {
        if self.monitor.is_some() || self.is_thread_safe() || self.readiness().waiters.is_some() {
            self.hand_over_now();
        }
    }

    #[inline(never)]
    fn hand_over_now(&mut self) {
        self.release_monitor();
        if self.is_thread_safe() {
            self.drain_when_due();
        } else if let Some(waiters) = self.readiness().waiters.clone() {
            self.hand_over_to(&waiters);
        }
    }

    fn hand_over_to(&mut self, waiters: &Waiters) {
        if waiters.any(|_| true) {
            // A failure here (the context has ended) is news for everybody.
            let events = self.events().unwrap_or(-1);
            waiters.wake_those(|waiter| waiter.direction.ready(events));
        }
    }
}
