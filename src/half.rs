//! The two halves of a split socket: one task sends while another receives.

use std::fmt;
use std::marker::PhantomData;

use crate::core::Outgoing;
use crate::error::Result;
use crate::future::{Access, Common, Sending, SharedReceiving};
use crate::incoming::{Incoming, sealed::Incoming as _};
use crate::message::{Message, Multipart};
use crate::mode::Attached;
use crate::raw::{Ticket, Wait};
use crate::routing::ReceiverOf;
use crate::socket::Socket;
use crate::socket_type::{CanRecv, CanRecvMultipart, CanSend, CanSendMultipart, Duplex};

/// The sending half of a [split](Socket::split) socket.
#[must_use = "the socket is closed when both halves are dropped"]
pub struct SendHalf<T, M> {
    common: Common,
    state: PhantomData<fn() -> (T, M)>,
}

/// The receiving half of a [split](Socket::split) socket.
#[must_use = "the socket is closed when both halves are dropped"]
pub struct RecvHalf<T, M> {
    common: Common,
    state: PhantomData<fn() -> (T, M)>,
}

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
        let common = Common::new(self.into_core());
        (SendHalf { common: common.clone(), state: PhantomData }, RecvHalf { common, state: PhantomData })
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
        Sending::new(Access::common(&self.common), Outgoing::One(message.into()))
    }

    /// As [`Socket::try_send`].
    pub fn try_send(&mut self, message: impl Into<Message>) -> Result<()>
    where
        T: CanSend,
    {
        let outgoing = Outgoing::One(message.into());
        self.common.lock().send(outgoing, Wait::Never)
    }

    /// As [`Socket::send_multipart`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing, and no part.
    pub fn send_multipart(&mut self, message: impl Into<Multipart>) -> Sending<'_>
    where
        T: CanSendMultipart,
    {
        Sending::new(Access::common(&self.common), Outgoing::Many(message.into()))
    }

    /// As [`Socket::send_to`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    pub fn send_to<R: ReceiverOf<T>>(&mut self, to: &R, message: impl Into<Message>) -> Sending<'_> {
        let message = message.into();
        let outgoing = to.address(&self.common.lock(), message);
        Sending::checked(Access::common(&self.common), outgoing)
    }

    /// Puts the two halves of one socket together again; halves of different sockets come back as they were.
    pub fn reunite(self, other: RecvHalf<T, M>) -> Result<Socket<T, M>, (Self, RecvHalf<T, M>)> {
        if !self.common.is(&other.common) {
            return Err((self, other));
        }
        drop(self);
        // There are never more than these two.
        other.common.into_core().map(Socket::from_core).map_err(|common| {
            (SendHalf { common: common.clone(), state: PhantomData }, RecvHalf { common, state: PhantomData })
        })
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
        let mut core = self.common.lock();
        let arrival = core.recv(Wait::Never)?;
        T::Incoming::from_arrival(&mut core, arrival)
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
