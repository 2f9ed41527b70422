//! The futures that the async calls return: named, so that they can stand in a struct, and all `Send`.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::core::{Core, Outgoing};
use crate::error::{Error, Result};
use crate::half::Shared;
use crate::incoming::Incoming;

/// The socket behind a future: whole, or shared with the other half.
pub(crate) enum Access<'a> {
    Whole(&'a mut Core),
    Half(&'a Shared),
}

impl Access<'_> {
    #[inline]
    pub(crate) fn with<R>(&mut self, call: impl FnOnce(&mut Core) -> R) -> R {
        match self {
            Access::Whole(core) => call(core),
            Access::Half(shared) => call(&mut shared.lock()),
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
            Ok(outgoing) => socket.with(|core| core.poll_send(cx, outgoing)),
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
    socket: Access<'a>,
    received: PhantomData<fn() -> R>,
}

impl<'a, R> Receiving<'a, R> {
    pub(crate) fn new(socket: Access<'a>) -> Self {
        Self { socket, received: PhantomData }
    }
}

impl<R: Incoming> Future for Receiving<'_, R> {
    type Output = Result<R>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().socket.with(|core| match core.poll_recv(cx) {
            Poll::Ready(Ok(arrival)) => Poll::Ready(R::from_arrival(core, arrival)),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        })
    }
}
