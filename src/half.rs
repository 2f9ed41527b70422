//! The two halves of a split socket: one task sends while another receives.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::core::{Core, Outgoing};
use crate::error::Result;
use crate::future::{Access, Receiving, Sending};
use crate::incoming::{Incoming, sealed::Incoming as _};
use crate::message::{Message, Multipart};
use crate::mode::Attached;
use crate::raw::Wait;
use crate::routing::{ReceiverOf, addressed};
use crate::socket::Socket;
use crate::socket_type::{CanRecv, CanRecvMultipart, CanSend, CanSendMultipart, Duplex};

/// The socket of two halves. It is locked for one poll at a time, never across an await.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<Box<Core>>>);

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Box<Core>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sending half of a [split](Socket::split) socket.
#[must_use = "the socket is closed when both halves are dropped"]
pub struct SendHalf<T, M> {
    shared: Shared,
    state: PhantomData<fn() -> (T, M)>,
}

/// The receiving half of a [split](Socket::split) socket.
#[must_use = "the socket is closed when both halves are dropped"]
pub struct RecvHalf<T, M> {
    shared: Shared,
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
        let mut core = self.into_core();
        core.raw.set_shared(true);
        let shared = Shared(Arc::new(Mutex::new(core)));
        (SendHalf { shared: shared.clone(), state: PhantomData }, RecvHalf { shared, state: PhantomData })
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
        Sending::new(Access::Half(&self.shared), Outgoing::One(message.into()))
    }

    /// As [`Socket::try_send`].
    pub fn try_send(&mut self, message: impl Into<Message>) -> Result<()>
    where
        T: CanSend,
    {
        self.shared.lock().send(Outgoing::One(message.into()), Wait::Never)
    }

    /// As [`Socket::send_multipart`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing, and no part.
    pub fn send_multipart(&mut self, message: impl Into<Multipart>) -> Sending<'_>
    where
        T: CanSendMultipart,
    {
        Sending::new(Access::Half(&self.shared), Outgoing::Many(message.into()))
    }

    /// As [`Socket::send_to`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    pub fn send_to<Id: ReceiverOf<T>>(&mut self, to: &Id, message: impl Into<Message>) -> Sending<'_> {
        Sending::checked(Access::Half(&self.shared), addressed::<T>(to.name(), message.into().into()))
    }

    /// Puts the two halves of one socket together again; halves of different sockets come back as they were.
    pub fn reunite(self, other: RecvHalf<T, M>) -> Result<Socket<T, M>, (Self, RecvHalf<T, M>)> {
        if !Arc::ptr_eq(&self.shared.0, &other.shared.0) {
            return Err((self, other));
        }
        drop(self);
        match Arc::try_unwrap(other.shared.0) {
            Ok(core) => {
                let mut core = core.into_inner().unwrap_or_else(PoisonError::into_inner);
                core.raw.set_shared(false);
                Ok(Socket::from_core(core))
            }
            // There are never more than these two.
            Err(shared) => {
                let half = || Shared(shared.clone());
                Err((SendHalf { shared: half(), state: PhantomData }, RecvHalf { shared: half(), state: PhantomData }))
            }
        }
    }
}

impl<T: Duplex, M: Attached> RecvHalf<T, M> {
    /// As [`Socket::recv`].
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv(&mut self) -> Receiving<'_, T::Incoming>
    where
        T: CanRecv,
    {
        Receiving::new(Access::Half(&self.shared))
    }

    /// As [`Socket::try_recv`].
    pub fn try_recv(&mut self) -> Result<T::Incoming>
    where
        T: CanRecv,
    {
        let mut core = self.shared.lock();
        let arrival = core.recv(Wait::Never)?;
        T::Incoming::from_arrival(&mut core, arrival)
    }

    /// As [`Socket::recv_multipart`].
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv_multipart(&mut self) -> Receiving<'_, <T::Incoming as Incoming>::Whole>
    where
        T: CanRecvMultipart,
    {
        Receiving::new(Access::Half(&self.shared))
    }
}

impl<T, M> fmt::Debug for SendHalf<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SendHalf").field(&**self.shared.lock()).finish()
    }
}

impl<T, M> fmt::Debug for RecvHalf<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecvHalf").field(&**self.shared.lock()).finish()
    }
}
