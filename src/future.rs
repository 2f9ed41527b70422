//! The futures that the async calls return: named, so that they can stand in a struct, and all `Send`.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use crate::core::{Core, Outgoing};
use crate::error::{Error, Result};
use crate::incoming::Incoming;
#[cfg(feature = "draft")]
use crate::message::Multipart;
use crate::raw::Ticket;

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

    /// The socket, from its last holder.
    pub(crate) fn into_core(self) -> Result<Box<Core>, Self> {
        let mut core = Arc::try_unwrap(self.0).map_err(Self)?.into_inner().unwrap_or_else(PoisonError::into_inner);
        core.raw.set_shared(false);
        Ok(core)
    }
}

/// The socket behind a send: whole, or one that others hold too.
pub(crate) enum Access<'a> {
    Whole(&'a mut Core),
    Common(&'a Common, Ticket),
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
    pub(crate) fn new(socket: Access<'a>, outgoing: Outgoing) -> Self {
        Self { socket, outgoing: Ok(outgoing) }
    }

    /// One that only tells what is wrong with the message.
    /// What has not been sent.
    #[cfg(feature = "draft")]
    pub(crate) fn take(&mut self) -> Multipart {
        self.outgoing.as_mut().map_or_else(|_| Multipart::new(), Outgoing::take)
    }

    pub(crate) fn checked(socket: Access<'a>, outgoing: Result<Outgoing>) -> Self {
        Self { socket, outgoing: outgoing.map_err(Some) }
    }
}

impl Future for Sending<'_> {
    type Output = Result<()>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { socket, outgoing } = self.get_mut();
        match outgoing {
            Ok(outgoing) => socket.with(|core, ticket| core.poll_send(cx, ticket, outgoing)),
            Err(error) => error.take().map_or(Poll::Pending, |error| Poll::Ready(Err(error))),
        }
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
        poll_recv(self.get_mut().core, cx, &mut Ticket::default())
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
        poll_recv(&mut this.common.lock(), cx, &mut this.ticket)
    }
}

#[inline]
fn poll_recv<R: Incoming>(core: &mut Core, cx: &mut Context<'_>, ticket: &mut Ticket) -> Poll<Result<R>> {
    match core.poll_recv(cx, ticket) {
        Poll::Ready(Ok(arrival)) => Poll::Ready(R::from_arrival(core, arrival)),
        Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        Poll::Pending => Poll::Pending,
    }
}
