//! `futures::Stream` for what receives, and `futures::Sink` for what sends; with the feature `futures`.
//!
//! REQ and REP, which take turns, are neither; what an XSUB sends goes by `send_upstream`.

#[cfg(feature = "draft")]
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_sink::Sink;

use crate::core::{Core, Outgoing};
use crate::error::{Error, Result};
#[cfg(feature = "draft")]
use crate::future::Common;
use crate::half::{RecvHalf, SendHalf};
use crate::message::{Message, Multipart};
use crate::mode::Attached;
use crate::monitor::{Monitor, MonitorEvent};
use crate::raw::Ticket;
use crate::routing::ReceiverOf;
use crate::socket::Socket;
use crate::socket_type::{CanRecv, CanSend, CanSendMultipart, Duplex, SocketType};

/// What a sink has taken and the socket has not.
#[derive(Default)]
pub(crate) struct Outbox {
    held: Option<Outgoing>,
    ticket: Ticket,
}

impl Outbox {
    fn poll_flush(&mut self, core: &mut Core, cx: &mut Context<'_>) -> Poll<Result<()>> {
        if let Some(outgoing) = &mut self.held {
            let sent = ready!(core.poll_send(cx, &mut self.ticket, outgoing));
            self.held = None;
            sent?;
        }
        Poll::Ready(Ok(()))
    }

    /// What it holds, leaving nothing.
    pub(crate) fn give_back(&mut self) -> Option<Outgoing> {
        self.held.take()
    }

    fn take(&mut self, core: &Core, outgoing: Outgoing) -> Result<()> {
        match &mut self.held {
            held @ None => {
                *held = Some(outgoing);
                Ok(())
            }
            // The caller has not asked whether it is ready.
            Some(_) => {
                let mut outgoing = outgoing;
                Err(Error::WouldBlock { socket: core.kind.name, unsent: outgoing.take().into() })
            }
        }
    }
}

/// What a sink takes: a message, or one with its receiver.
trait Outbound<T> {
    fn outgoing(self, core: &Core) -> Result<Outgoing>;
}

impl<T: CanSend> Outbound<T> for Message {
    fn outgoing(self, _: &Core) -> Result<Outgoing> {
        Ok(Outgoing::One(self))
    }
}

impl<T: CanSendMultipart> Outbound<T> for Multipart {
    fn outgoing(self, _: &Core) -> Result<Outgoing> {
        Ok(Outgoing::Many(self))
    }
}

impl<T: SocketType, R: ReceiverOf<T>> Outbound<T> for (R, Message) {
    fn outgoing(self, core: &Core) -> Result<Outgoing> {
        self.0.address(core, self.1)
    }
}

/// The end of the context is the end of the stream.
fn item<R>(received: Result<R>) -> Option<Result<R>> {
    match received {
        Err(Error::ContextTerminated { .. }) => None,
        received => Some(received),
    }
}

/// Ends with the context. Every other failure is an item, and the next message comes after it.
impl<T: CanRecv, M: Attached> Stream for Socket<T, M> {
    type Item = Result<T::Incoming>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().core_mut().poll_recv::<T::Incoming>(cx, &mut Ticket::default()).map(item)
    }
}

/// As the stream of a [`Socket`].
impl<T: CanRecv + Duplex, M: Attached> Stream for RecvHalf<T, M> {
    type Item = Result<T::Incoming>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let (common, ticket) = self.get_mut().parts();
        common.lock().poll_recv::<T::Incoming>(cx, ticket).map(item)
    }
}

/// Ends with the socket, or with the context.
impl Stream for Monitor {
    type Item = Result<MonitorEvent>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(Pin::new(&mut self.get_mut().recv()).poll(cx));
        Poll::Ready(next.transpose().and_then(item))
    }
}

/// Where a sink's one message is kept, and for which socket.
trait Holds {
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>>;
    fn hold(&mut self, outgoing: impl FnOnce(&Core) -> Result<Outgoing>) -> Result<()>;
}

impl<T, M> Holds for Socket<T, M> {
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.core_mut().poll_flush(cx)
    }

    fn hold(&mut self, outgoing: impl FnOnce(&Core) -> Result<Outgoing>) -> Result<()> {
        let outgoing = outgoing(self.core())?;
        self.core_mut().hold(outgoing)
    }
}

impl<T, M> Holds for SendHalf<T, M> {
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let (common, outbox) = self.parts();
        outbox.poll_flush(&mut common.lock(), cx)
    }

    fn hold(&mut self, outgoing: impl FnOnce(&Core) -> Result<Outgoing>) -> Result<()> {
        let (common, outbox) = self.parts();
        let core = common.lock();
        outbox.take(&core, outgoing(&core)?)
    }
}

macro_rules! sink {
    ($($(#[$doc:meta])* $Sender:ident of $Item:ty, [$($bound:tt)+] $($R:ident)?;)*) => { $(
        $(#[$doc])*
        impl<T: SocketType $(, $R: ReceiverOf<T>)?, M: Attached> Sink<$Item> for $Sender<T, M>
        where
            $($bound)+
        {
            type Error = Error;

            fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                Holds::poll_flush(self.get_mut(), cx)
            }

            fn start_send(self: Pin<&mut Self>, item: $Item) -> Result<()> {
                self.get_mut().hold(|core| Outbound::<T>::outgoing(item, core))
            }

            fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                Holds::poll_flush(self.get_mut(), cx)
            }

            fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                Holds::poll_flush(self.get_mut(), cx)
            }
        }
    )* };
}

sink! {
    /// Holds one message at most, which waits until the socket has room. It is sent with the next one, or when the sink is
    /// flushed: what is held when the sink is dropped is lost. An error has the message in it.
    Socket of Message, [T: CanSend];
    /// As the sink of messages of one frame.
    Socket of Multipart, [T: CanSendMultipart];
    /// As the sink of messages without a receiver's name.
    Socket of (R, Message), [R: Unpin] R;
    /// As the sink of a [`Socket`].
    SendHalf of Message, [T: CanSend + Duplex];
    /// As the sink of a [`Socket`].
    SendHalf of Multipart, [T: CanSendMultipart + Duplex];
    /// As the sink of a [`Socket`].
    SendHalf of (R, Message), [T: Duplex, R: Unpin] R;
}

/// Receives from a socket that others hold too, as a stream; made by [`Shared::stream`](crate::Shared::stream).
#[cfg(feature = "draft")]
#[must_use = "streams do nothing unless polled"]
pub struct SharedStream<T, M> {
    common: Common,
    ticket: Ticket,
    state: PhantomData<fn() -> (T, M)>,
}

/// Sends through a socket that others hold too, as a sink; made by [`Shared::sink`](crate::Shared::sink).
#[cfg(feature = "draft")]
#[must_use = "sinks do nothing unless polled"]
pub struct SharedSink<T, M> {
    common: Common,
    outbox: Outbox,
    state: PhantomData<fn() -> (T, M)>,
}

#[cfg(feature = "draft")]
impl<T, M> SharedStream<T, M> {
    pub(crate) fn new(common: Common) -> Self {
        Self { common, ticket: Ticket::default(), state: PhantomData }
    }
}

#[cfg(feature = "draft")]
impl<T, M> SharedSink<T, M> {
    pub(crate) fn new(common: Common) -> Self {
        Self { common, outbox: Outbox::default(), state: PhantomData }
    }
}

/// As the stream of a [`Socket`]: each message goes to one of those who receive.
#[cfg(feature = "draft")]
impl<T: CanRecv, M: Attached> Stream for SharedStream<T, M> {
    type Item = Result<T::Incoming>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { common, ticket, .. } = self.get_mut();
        common.lock().poll_recv::<T::Incoming>(cx, ticket).map(item)
    }
}

#[cfg(feature = "draft")]
impl<T, M> Holds for SharedSink<T, M> {
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.outbox.poll_flush(&mut self.common.lock(), cx)
    }

    fn hold(&mut self, outgoing: impl FnOnce(&Core) -> Result<Outgoing>) -> Result<()> {
        let core = self.common.lock();
        self.outbox.take(&core, outgoing(&core)?)
    }
}

#[cfg(feature = "draft")]
sink! {
    /// As the sink of a [`Socket`].
    SharedSink of Message, [T: CanSend];
    /// As the sink of a [`Socket`].
    SharedSink of (R, Message), [R: Unpin] R;
}

impl Core {
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let mut outbox = std::mem::take(&mut self.outbox);
        let flushed = outbox.poll_flush(self, cx);
        self.outbox = outbox;
        flushed
    }

    fn hold(&mut self, outgoing: Outgoing) -> Result<()> {
        let mut outbox = std::mem::take(&mut self.outbox);
        let held = outbox.take(self, outgoing);
        self.outbox = outbox;
        held
    }
}
