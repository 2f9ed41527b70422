//! The futures that the async calls return: named, so that they can stand in a struct, and all `Send`.

use std::future::Future;
use std::io::{Read, Write};
use std::marker::PhantomData;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker, ready};

use crate::core::{Core, Outgoing};
use crate::error::{Error, Result, Unsent};
use crate::incoming::Incoming;
use crate::message::Multipart;
use crate::raw::{Direction, Errno, Ticket, Wait, wait_for_one_of};

/// A socket that several hold: two halves, or all clones of a [`Shared`](crate::Shared). It is locked for one poll at a
/// time, never across an await.
#[derive(Clone)]
pub(crate) struct Common(Arc<Mutex<Box<Core>>>);

impl Common {
    pub(crate) fn new(mut core: Box<Core>) -> Self {
        core.raw.set_shared(true);
        Self(Arc::new(Mutex::new(core)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Box<Core>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Runs a future on this thread, which waits on the socket's descriptor by itself, and is woken by those who take a
    /// signal from it. The lock is not held meanwhile.
    pub(crate) fn block_on<R>(
        &self,
        direction: Direction,
        future: &mut (impl Future<Output = Result<R>> + Unpin),
    ) -> Result<R> {
        let mut future = Pin::new(future);
        // Most calls need not wait, and then no way to be woken.
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
        let socket = self.lock().kind.name;
        let failed = |call, source| Error::System { socket, call, source, unsent: Unsent::NOTHING };
        let (wakeups, waker) = UnixStream::pair().map_err(|source| failed("socketpair", source))?;
        for end in [&wakeups, &waker] {
            end.set_nonblocking(true).map_err(|source| failed("fcntl", source))?;
        }
        let waker = Waker::from(Arc::new(WakeThread(waker)));
        let mut core = self.lock();
        let (descriptor, deadline) = (core.raw.descriptor(), core.deadline(direction));
        drop(core);
        let descriptor = descriptor.map_err(|errno| failed("zmq_getsockopt", errno.into()))?;
        loop {
            if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return done;
            }
            wait_for_one_of([descriptor, wakeups.as_raw_fd()], deadline).map_err(|errno| match errno {
                Errno::AGAIN => self.lock().timed_out(direction, Unsent::NOTHING),
                errno => failed("poll", errno.into()),
            })?;
            // One wakeup is as good as many; the rest is left for the next round.
            let _ = (&wakeups).read(&mut [0; 64]);
        }
    }

    pub(crate) fn holders(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    /// The socket, from its last holder.
    pub(crate) fn into_core(self) -> Result<Box<Core>, Self> {
        let mut core = Arc::try_unwrap(self.0).map_err(Self)?.into_inner().unwrap_or_else(PoisonError::into_inner);
        core.raw.set_shared(false);
        Ok(core)
    }
}

/// Ends a thread's wait on descriptors, being one of them.
struct WakeThread(UnixStream);

impl Wake for WakeThread {
    fn wake(self: Arc<Self>) {
        // It is full: the thread has been woken long since.
        let _ = (&self.0).write(&[0]);
    }
}

/// The socket behind a send: whole, or one that others hold too.
pub(crate) enum Access<'a> {
    Whole(&'a mut Core),
    Common(&'a Common, Ticket),
}

impl Common {
    /// Sends a message, blocking the thread while it waits.
    pub(crate) fn blocking_send(&self, outgoing: Result<Outgoing>) -> Result<()> {
        let mut sending = Sending::new(Access::Common(self, Ticket::blocking()), outgoing?);
        let sent = self.block_on(Direction::Send, &mut sending);
        sent.map_err(|error| error.with_unsent(sending.take()))
    }

    /// Receives, blocking the thread while it waits.
    pub(crate) fn blocking_recv<R: Incoming>(&self) -> Result<R> {
        self.block_on(Direction::Recv, &mut SharedReceiving::new(self, Ticket::blocking()))
    }

    pub(crate) fn try_send(&self, outgoing: Result<Outgoing>) -> Result<()> {
        self.lock().send(outgoing?, Wait::Never)
    }

    pub(crate) fn try_recv<R: Incoming>(&self) -> Result<R> {
        self.lock().recv(Wait::Never)
    }
}

impl<'a> Access<'a> {
    pub(crate) fn common(common: &'a Common) -> Self {
        Access::Common(common, Ticket::default())
    }

    #[inline]
    pub(crate) fn with<R>(&mut self, call: impl FnOnce(&mut Core, &mut Ticket) -> R) -> R {
        match self {
            Access::Whole(core) => call(core, &mut Ticket::default()),
            Access::Common(common, ticket) => call(&mut common.lock(), ticket),
        }
    }
}

/// Sends a message; made by `send`, `send_multipart`, `send_to` and their like.
///
/// # Cancel safety
/// Dropped before it is done, it has sent nothing: a message is sent whole or not at all.
#[must_use = "nothing is sent until the future is awaited"]
pub struct Sending<'a> {
    socket: Access<'a>,
    outgoing: Result<Outgoing, Option<Error>>,
}

impl<'a> Sending<'a> {
    #[inline]
    pub(crate) fn new(socket: Access<'a>, outgoing: Outgoing) -> Self {
        Self { socket, outgoing: Ok(outgoing) }
    }

    /// What has not been sent.
    pub(crate) fn take(&mut self) -> Multipart {
        self.outgoing.as_mut().map_or_else(|_| Multipart::new(), Outgoing::take)
    }

    /// One that may have been given a message which cannot be sent, and then only says so.
    pub(crate) fn checked(socket: Access<'a>, outgoing: Result<Outgoing>) -> Self {
        Self { socket, outgoing: outgoing.map_err(Some) }
    }
}

impl Future for Sending<'_> {
    type Output = Result<()>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { socket, outgoing } = self.get_mut();
        let message = match outgoing {
            Ok(message) => message,
            Err(error) => return error.take().map_or(Poll::Pending, |error| Poll::Ready(Err(error))),
        };
        let sent = ready!(socket.with(|core, ticket| core.poll_send(cx, ticket, message)));
        if sent.is_ok() {
            if message.is_spent() {
                std::mem::forget(std::mem::replace(outgoing, Err(None)));
            } else {
                *outgoing = Err(None);
            }
        }
        Poll::Ready(sent)
    }
}

/// Receives; made by `recv`, `recv_multipart` and their like.
///
/// # Cancel safety
/// Dropped before it is done, it has received nothing: no message is lost, and none is left half read.
#[must_use = "nothing is received until the future is awaited"]
pub struct Receiving<'a, R> {
    core: &'a mut Core,
    received: PhantomData<fn() -> R>,
}

impl<'a, R> Receiving<'a, R> {
    pub(crate) fn new(core: &'a mut Core) -> Self {
        Self { core, received: PhantomData }
    }
}

impl<R: Incoming> Future for Receiving<'_, R> {
    type Output = Result<R>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().core.poll_recv(cx, &mut Ticket::default())
    }
}

/// Receives from a socket that others hold too; made by `recv` and `recv_multipart` of a [`RecvHalf`](crate::RecvHalf) or
/// a `Shared`.
///
/// # Cancel safety
/// Dropped before it is done, it has received nothing: no message is lost, none is left half read, and whoever else waits
/// receives it.
#[must_use = "nothing is received until the future is awaited"]
pub struct SharedReceiving<'a, R> {
    common: &'a Common,
    ticket: Ticket,
    received: PhantomData<fn() -> R>,
}

impl<'a, R> SharedReceiving<'a, R> {
    pub(crate) fn new(common: &'a Common, ticket: Ticket) -> Self {
        Self { common, ticket, received: PhantomData }
    }
}

impl<R: Incoming> Future for SharedReceiving<'_, R> {
    type Output = Result<R>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.common.lock().poll_recv(cx, &mut this.ticket)
    }
}
