//! The two halves of a split socket: one task sends while another receives.

use std::fmt;
use std::marker::PhantomData;

use crate::core::Outgoing;
use crate::error::Result;
use crate::future::{Access, Common, Sending, SharedReceiving};
use crate::incoming::Incoming;
use crate::message::{Envelope, Message, Multipart, Topic};
use crate::mode::Attached;
use crate::pubsub::upstream;
use crate::raw::Ticket;
use crate::routing::{ReceiverOf, RoutingId, answer};
use crate::socket::Socket;
use crate::socket_type::{
    CanRecv, CanRecvMultipart, CanSend, CanSendMultipart, CanSubscribe, Duplex, Router, Stream, XSub,
};

/// The sending half of a [split](Socket::split) socket.
///
/// Where it sends to whichever peer has room (PAIR, DEALER and XPUB) it can be cloned, for several tasks that send: each
/// message goes out whole, in an order that nobody promises.
#[must_use = "the socket is closed when both halves are dropped"]
pub struct SendHalf<T, M> {
    common: Common,
    /// What it has taken as a sink.
    #[cfg(feature = "futures")]
    outbox: Box<crate::futures::Outbox>,
    state: PhantomData<fn() -> (T, M)>,
}

/// The receiving half of a [split](Socket::split) socket.
#[must_use = "the socket is closed when both halves are dropped"]
pub struct RecvHalf<T, M> {
    common: Common,
    /// Its place among those who wait, as a stream.
    #[cfg(feature = "futures")]
    ticket: Ticket,
    state: PhantomData<fn() -> (T, M)>,
}

/// # Two halves
impl<T, M> Socket<T, M> {
    /// Splits the socket in two halves, for two tasks or threads: one sends while the other receives.
    ///
    /// ```
    /// use zmq_typestate::{Context, Pair};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut echo = context.socket::<Pair>()?.bind("inproc://halves")?;
    /// let (mut sender, mut receiver) = context.socket::<Pair>()?.connect(echo.address())?.split();
    ///
    /// let sending = tokio::spawn(async move { sender.send("there").await });
    /// let there = echo.recv().await?;
    /// echo.send(there).await?;
    /// assert_eq!(receiver.recv().await?, "there");
    /// # sending.await.unwrap()
    /// # }
    /// ```
    pub fn split(self) -> (SendHalf<T, M>, RecvHalf<T, M>)
    where
        T: Duplex,
        M: Attached,
    {
        #[cfg_attr(not(feature = "futures"), allow(unused_mut))]
        let mut core = self.into_core();
        #[cfg(feature = "futures")]
        let outbox = std::mem::take(&mut core.outbox);
        let common = Common::new(core);
        #[cfg_attr(not(feature = "futures"), allow(unused_mut))]
        let mut sender = SendHalf::new(common.clone());
        #[cfg(feature = "futures")]
        {
            *sender.outbox = outbox;
        }
        (sender, RecvHalf::new(common))
    }
}

impl<T, M> SendHalf<T, M> {
    fn new(common: Common) -> Self {
        Self {
            common,
            #[cfg(feature = "futures")]
            outbox: Box::default(),
            state: PhantomData,
        }
    }

    pub(crate) fn common(&self) -> &Common {
        &self.common
    }

    #[cfg(feature = "futures")]
    pub(crate) fn parts(&mut self) -> (&Common, &mut crate::futures::Outbox) {
        (&self.common, &mut self.outbox)
    }
}

impl<T, M> RecvHalf<T, M> {
    fn new(common: Common) -> Self {
        Self {
            common,
            #[cfg(feature = "futures")]
            ticket: Ticket::default(),
            state: PhantomData,
        }
    }

    pub(crate) fn common(&self) -> &Common {
        &self.common
    }

    #[cfg(feature = "futures")]
    pub(crate) fn parts(&mut self) -> (&Common, &mut Ticket) {
        (&self.common, &mut self.ticket)
    }
}

impl<T: Duplex, M: Attached> SendHalf<T, M> {
    /// As [`Socket::send`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    pub fn send(&mut self, message: impl Into<Message>) -> Sending<'_>
    where
        T: CanSend,
    {
        self.sending(Ok(Outgoing::One(message.into())))
    }

    /// As [`Socket::try_send`].
    pub fn try_send(&mut self, message: impl Into<Message>) -> Result<()>
    where
        T: CanSend,
    {
        self.common.try_send(Ok(Outgoing::One(message.into())))
    }

    /// As [`Socket::blocking_send`].
    pub fn blocking_send(&mut self, message: impl Into<Message>) -> Result<()>
    where
        T: CanSend,
    {
        self.common.blocking_send(Ok(Outgoing::One(message.into())))
    }

    /// As [`Socket::send_multipart`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing, and no part.
    pub fn send_multipart(&mut self, message: impl Into<Multipart>) -> Sending<'_>
    where
        T: CanSendMultipart,
    {
        self.sending(Ok(Outgoing::Many(message.into())))
    }

    /// As [`Socket::try_send_multipart`].
    pub fn try_send_multipart(&mut self, message: impl Into<Multipart>) -> Result<()>
    where
        T: CanSendMultipart,
    {
        self.common.try_send(Ok(Outgoing::Many(message.into())))
    }

    /// As [`Socket::blocking_send_multipart`].
    pub fn blocking_send_multipart(&mut self, message: impl Into<Multipart>) -> Result<()>
    where
        T: CanSendMultipart,
    {
        self.common.blocking_send(Ok(Outgoing::Many(message.into())))
    }

    /// As [`Socket::send_to`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    pub fn send_to<R: ReceiverOf<T>>(&mut self, to: &R, message: impl Into<Message>) -> Sending<'_> {
        let outgoing = self.addressed(to, message);
        self.sending(outgoing)
    }

    /// As [`Socket::try_send_to`].
    pub fn try_send_to<R: ReceiverOf<T>>(&mut self, to: &R, message: impl Into<Message>) -> Result<()> {
        let outgoing = self.addressed(to, message);
        self.common.try_send(outgoing)
    }

    /// As [`Socket::blocking_send_to`].
    pub fn blocking_send_to<R: ReceiverOf<T>>(&mut self, to: &R, message: impl Into<Message>) -> Result<()> {
        let outgoing = self.addressed(to, message);
        self.common.blocking_send(outgoing)
    }

    /// As [`Socket::also_subscribe`].
    pub fn also_subscribe(&mut self, topic: impl Into<Topic>) -> Result<()>
    where
        T: CanSubscribe,
    {
        self.common.lock().subscription(true, &topic.into())
    }

    /// As [`Socket::unsubscribe`].
    pub fn unsubscribe(&mut self, topic: impl Into<Topic>) -> Result<()>
    where
        T: CanSubscribe,
    {
        self.common.lock().subscription(false, &topic.into())
    }

    fn addressed<R: ReceiverOf<T>>(&self, to: &R, message: impl Into<Message>) -> Result<Outgoing> {
        let message = message.into();
        to.address(&self.common.lock(), message)
    }

    fn sending(&self, outgoing: Result<Outgoing>) -> Sending<'_> {
        Sending::checked(Access::common(&self.common), outgoing)
    }

    /// Puts the two halves of one socket together again; halves of different sockets, or of one whose sending half has
    /// clones, come back as they were.
    pub fn reunite(self, other: RecvHalf<T, M>) -> Result<Socket<T, M>, (Self, RecvHalf<T, M>)> {
        if !self.common.is(&other.common) || self.common.holders() > 2 {
            return Err((self, other));
        }
        #[cfg(feature = "futures")]
        let outbox = self.outbox;
        drop(self.common);
        // There are only these two.
        match other.common.into_core() {
            Ok(core) => {
                #[cfg(feature = "futures")]
                let core = {
                    let mut core = core;
                    core.outbox = *outbox;
                    core
                };
                Ok(Socket::from_core(core))
            }
            Err(common) => Err((SendHalf::new(common.clone()), RecvHalf::new(common))),
        }
    }
}

impl<T: Duplex, M: Attached> RecvHalf<T, M> {
    /// As [`Socket::recv`].
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv(&mut self) -> SharedReceiving<'_, T::Incoming>
    where
        T: CanRecv,
    {
        SharedReceiving::new(&self.common, Ticket::default())
    }

    /// As [`Socket::try_recv`].
    pub fn try_recv(&mut self) -> Result<T::Incoming>
    where
        T: CanRecv,
    {
        self.common.try_recv()
    }

    /// As [`Socket::blocking_recv`].
    pub fn blocking_recv(&mut self) -> Result<T::Incoming>
    where
        T: CanRecv,
    {
        self.common.blocking_recv()
    }

    /// As [`Socket::recv_multipart`].
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv_multipart(&mut self) -> SharedReceiving<'_, <T::Incoming as Incoming>::Whole>
    where
        T: CanRecvMultipart,
    {
        SharedReceiving::new(&self.common, Ticket::default())
    }

    /// As [`Socket::try_recv_multipart`].
    pub fn try_recv_multipart(&mut self) -> Result<<T::Incoming as Incoming>::Whole>
    where
        T: CanRecvMultipart,
    {
        self.common.try_recv()
    }

    /// As [`Socket::blocking_recv_multipart`].
    pub fn blocking_recv_multipart(&mut self) -> Result<<T::Incoming as Incoming>::Whole>
    where
        T: CanRecvMultipart,
    {
        self.common.blocking_recv()
    }
}

impl<M: Attached> SendHalf<Router, M> {
    /// As [`Socket::send_multipart_to`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing, and no part.
    pub fn send_multipart_to(&mut self, to: &RoutingId<Router>, message: impl Into<Multipart>) -> Sending<'_> {
        self.sending(Ok(Outgoing::To(to.id().clone(), message.into())))
    }

    /// As [`Socket::try_send_multipart_to`].
    pub fn try_send_multipart_to(&mut self, to: &RoutingId<Router>, message: impl Into<Multipart>) -> Result<()> {
        self.common.try_send(Ok(Outgoing::To(to.id().clone(), message.into())))
    }

    /// As [`Socket::reply`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing; the envelope is gone with it, a clone of it is not.
    pub fn reply(&mut self, envelope: Envelope, body: impl Into<Message>) -> Sending<'_> {
        self.reply_multipart(envelope, body.into())
    }

    /// As [`Socket::reply_multipart`].
    pub fn reply_multipart(&mut self, envelope: Envelope, body: impl Into<Multipart>) -> Sending<'_> {
        self.sending(answer(envelope, body.into()))
    }

    /// As [`Socket::try_reply`].
    pub fn try_reply(&mut self, envelope: Envelope, body: impl Into<Multipart>) -> Result<()> {
        self.common.try_send(answer(envelope, body.into()))
    }
}

impl<M: Attached> RecvHalf<Router, M> {
    /// As [`Socket::recv_request`].
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv_request(&mut self) -> SharedReceiving<'_, (Envelope, Multipart)> {
        SharedReceiving::new(&self.common, Ticket::default())
    }

    /// As [`Socket::try_recv_request`].
    pub fn try_recv_request(&mut self) -> Result<(Envelope, Multipart)> {
        self.common.try_recv()
    }
}

impl<M: Attached> SendHalf<XSub, M> {
    /// As [`Socket::send_upstream`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    pub fn send_upstream(&mut self, message: impl Into<Message>) -> Sending<'_> {
        self.send_upstream_multipart(message.into())
    }

    /// As [`Socket::send_upstream_multipart`].
    pub fn send_upstream_multipart(&mut self, message: impl Into<Multipart>) -> Sending<'_> {
        self.sending(upstream(message.into()))
    }
}

impl<M: Attached> SendHalf<Stream, M> {
    /// As [`Socket::close_peer`].
    pub fn close_peer(&mut self, peer: &RoutingId<Stream>) -> Sending<'_> {
        self.sending(Ok(Outgoing::Close(peer.id().clone())))
    }
}

// Not for ROUTER and STREAM: several that wait, each for room at a peer of its own, would take each other's signals.
impl<T: CanSend, M> Clone for SendHalf<T, M> {
    /// What the sink of this one holds stays with it.
    fn clone(&self) -> Self {
        Self::new(self.common.clone())
    }
}

impl<T, M> fmt::Debug for SendHalf<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SendHalf").field(&**self.common.lock()).finish()
    }
}

impl<T, M> fmt::Debug for RecvHalf<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecvHalf").field(&**self.common.lock()).finish()
    }
}
