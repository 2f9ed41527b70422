//! [`Socket`]: what every type has in common, and what the free-running ones (all but REQ and REP) send and receive.

use std::fmt;
use std::marker::PhantomData;

use crate::context::Context;
use crate::core::{Core, Outgoing};
use crate::endpoint::{Address, Target};
use crate::error::{Error, Result};
use crate::future::{Access, Receiving, Sending};
use crate::incoming::Incoming;
use crate::message::{Message, Multipart};
use crate::mode::why::NotYetAttached;
use crate::mode::{Attached, Bound, Connected, Either, Idle};
use crate::options::Linger;
use crate::raw::Wait;
use crate::security::{SecuredOver, SecurityRole};
use crate::socket_type::{
    BindsOver, CanConnect, CanRecv, CanRecvMultipart, CanSend, CanSendMultipart, ConnectsOver, FreeRunning, ListensAs,
    ManyEndpoints, SocketType, TalksTo,
};

/// A ZeroMQ socket of type `T` (as [`Push`](crate::Push)) in mode `M` ([`Idle`], [`Bound`], [`Connected`]).
///
/// Which calls compile depends on both, and on the phase inside of some types; what does not compile says why. A socket
/// can be sent to another thread or task, but not be used by two at once. Dropping it closes it; messages that were
/// accepted are still delivered, up to its [`linger`](Socket::linger).
///
/// Follows [zmq_socket(3)](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
///
/// ```
/// use zmq_typestate::{Context, Pull, Push};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> zmq_typestate::Result<()> {
/// let context = Context::new()?;
/// let mut jobs = context.socket::<Pull>()?.bind("tcp://127.0.0.1:*")?; // Socket<Pull, Bound>
/// let mut feed = context.socket::<Push>()?.connect(jobs.address())?; // PUSH may talk to PULL: checked
///
/// feed.send("job 1").await?;
/// assert_eq!(jobs.recv().await?, "job 1");
/// # Ok(())
/// # }
/// ```
#[must_use = "a socket that is dropped is closed"]
pub struct Socket<T, M = Idle> {
    core: Box<Core>,
    state: PhantomData<fn() -> (T, M)>,
}

impl<T, M> Socket<T, M> {
    pub(crate) fn from_core(core: Box<Core>) -> Self {
        Self { core, state: PhantomData }
    }

    pub(crate) fn into_core(self) -> Box<Core> {
        self.core
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    pub(crate) fn core_mut(&mut self) -> &mut Core {
        &mut self.core
    }

    /// The same socket under another type: in its next phase or mode.
    pub(crate) fn into_state<T2, M2>(self) -> Socket<T2, M2> {
        Socket::from_core(self.core)
    }
}

/// # Making one
impl<T: SocketType> Socket<T, Idle> {
    /// A socket of the process-wide context: enough for a program that needs only one.
    ///
    /// ```
    /// use zmq_typestate::{Pair, Socket};
    ///
    /// let socket = Socket::<Pair>::new()?;
    /// # drop(socket);
    /// # Ok::<(), zmq_typestate::Error>(())
    /// ```
    #[allow(clippy::new_ret_no_self, reason = "it is a socket in its first phase: Sub makes a Sub<Unsubscribed>")]
    pub fn new() -> Result<Socket<T::Fresh, Idle>> {
        Context::global()?.socket::<T>()
    }
}

/// # Attaching
impl<T: SocketType, S: SecurityRole> Socket<T, Idle<S>> {
    /// Waits for peers at an endpoint, which may leave the port open: `"tcp://127.0.0.1:*"`.
    ///
    /// # Errors
    /// [`Error::Endpoint`] for text that is no endpoint; [`Error::Attach`] when the system refuses, as for a port in use
    /// (or an ipc path: libzmq itself would take it from the process that has bound it);
    /// [`Error::IncompatiblePeer`] when an inproc peer is of the wrong type; [`Error::PathInUse`] where an ipc path holds
    /// a file; and what an option set before could not say.
    ///
    /// Follows [zmq_bind(3)](https://libzmq.readthedocs.io/en/latest/zmq_bind.html).
    #[doc(alias = "zmq_bind")]
    pub fn bind<A: Target>(
        mut self, // moved: `bind` returns the bound socket
        target: A,
    ) -> Result<Socket<T, Bound<S>>>
    where
        T: BindsOver<A::Transport>,
        T::Kind: ListensAs<A::Listener>,
        S: SecuredOver<A::Transport>,
    {
        self.core.bind::<T>(target.into_endpoint())?;
        Ok(self.into_state())
    }

    /// Goes to the peer at an endpoint, now or as soon as it is there, and again whenever the connection is lost.
    ///
    /// It does not wait for the connection; messages can be sent before it stands.
    ///
    /// # Errors
    /// As for [`bind`](Self::bind). That nobody listens is not an error.
    ///
    /// Follows [zmq_connect(3)](https://libzmq.readthedocs.io/en/latest/zmq_connect.html).
    #[doc(alias = "zmq_connect")]
    pub fn connect<A: Target>(
        mut self, // moved: `connect` returns the connected socket
        target: A,
    ) -> Result<Socket<T, Connected<S>>>
    where
        T: CanConnect + TalksTo<A::Listener> + ConnectsOver<A::Transport>,
        S: SecuredOver<A::Transport>,
    {
        self.core.connect(target.into_endpoint())?;
        Ok(self.into_state())
    }
}

/// The same names on an attached socket, for the sentence that says why not. Completion does not offer them.
#[doc(hidden)]
impl<T: SocketType, M: Attached> Socket<T, M> {
    pub fn bind<A: Target>(self, _: A) -> Result<Self>
    where
        M: NotYetAttached,
    {
        Ok(self)
    }

    pub fn connect<A: Target>(self, _: A) -> Result<Self>
    where
        M: NotYetAttached,
    {
        Ok(self)
    }
}

/// # Attached either way
impl<T: SocketType, M: Attached> Socket<T, M> {
    /// Forgets how the socket was attached, for a program that binds or connects by configuration.
    ///
    /// ```
    /// use zmq_typestate::{Context, Either, Pull, Socket};
    ///
    /// fn open(context: &Context, bind: bool, at: &str) -> zmq_typestate::Result<Socket<Pull, Either>> {
    ///     let socket = context.socket::<Pull>()?;
    ///     Ok(if bind { socket.bind(at)?.either() } else { socket.connect(at)?.either() })
    /// }
    /// # open(&Context::new()?, true, "inproc://either")?;
    /// # Ok::<(), zmq_typestate::Error>(())
    /// ```
    pub fn either(self) -> Socket<T, Either<M::Role>> {
        self.into_state()
    }
}

/// # Its address
impl<T: SocketType, S> Socket<T, Bound<S>> {
    /// The address that was bound (the first one): the real one, where the endpoint left the port or the path open. A socket of a type
    /// that can talk to this one connects to it.
    ///
    /// Follows [zmq_getsockopt(3), ZMQ_LAST_ENDPOINT](https://libzmq.readthedocs.io/en/latest/zmq_getsockopt.html).
    #[doc(alias = "ZMQ_LAST_ENDPOINT")]
    #[must_use]
    pub fn address(&self) -> Address<T::Kind> {
        self.core.home()
    }
}

/// # Further endpoints, and closing
impl<T: SocketType, M> Socket<T, M> {
    /// All addresses at which the socket listens.
    pub fn addresses(&self) -> impl Iterator<Item = Address<T::Kind>> {
        self.core.addresses()
    }

    /// Binds one endpoint more; gives the real address.
    ///
    /// # Errors
    /// As for [`bind`](Socket::bind).
    pub fn also_bind<A: Target>(&mut self, target: A) -> Result<Address<T::Kind>>
    where
        M: Attached<Role: SecuredOver<A::Transport>>,
        T: ManyEndpoints + BindsOver<A::Transport>,
        T::Kind: ListensAs<A::Listener>,
    {
        self.core.bind(target.into_endpoint())
    }

    /// Connects to one endpoint more.
    ///
    /// # Errors
    /// As for [`connect`](Socket::connect); and [`Error::AlreadyConnected`].
    pub fn also_connect<A: Target>(&mut self, target: A) -> Result<(), Error>
    where
        M: Attached<Role: SecuredOver<A::Transport>>,
        T: ManyEndpoints + CanConnect + TalksTo<A::Listener> + ConnectsOver<A::Transport>,
    {
        self.core.connect(target.into_endpoint())
    }

    /// Stops listening at an endpoint. Named as it was bound, or as its resolved address. Connections that it has
    /// accepted stay.
    ///
    /// # Errors
    /// [`Error::NotAttached`] for one that this socket did not bind.
    ///
    /// Follows [zmq_unbind(3)](https://libzmq.readthedocs.io/en/latest/zmq_unbind.html).
    #[doc(alias = "zmq_unbind")]
    pub fn unbind<A: Target>(&mut self, target: A) -> Result<()>
    where
        M: Attached,
        T: ManyEndpoints,
        T::Kind: ListensAs<A::Listener>,
    {
        self.core.unbind(target.into_endpoint())
    }

    /// Drops the connection to an endpoint. Messages already accepted for it are delivered up to the linger.
    ///
    /// # Errors
    /// [`Error::NotAttached`] for one that this socket did not connect to.
    ///
    /// Follows [zmq_disconnect(3)](https://libzmq.readthedocs.io/en/latest/zmq_disconnect.html).
    #[doc(alias = "zmq_disconnect")]
    pub fn disconnect<A: Target>(&mut self, target: A) -> Result<()>
    where
        M: Attached,
        T: ManyEndpoints + TalksTo<A::Listener>,
    {
        self.core.disconnect(target.into_endpoint())
    }

    /// Closes the socket, as dropping it does. What was accepted is delivered in the background, up to the linger; the
    /// call does not wait for it.
    ///
    /// Follows [zmq_close(3)](https://libzmq.readthedocs.io/en/latest/zmq_close.html).
    #[doc(alias = "zmq_close")]
    pub fn close(self, // moved: the socket is closed, nothing can be done with it any more
    ) {
    }

    /// Closes the socket with another linger than it has: [`Linger::Drop`] drops what has not been delivered yet.
    #[doc(alias = "ZMQ_LINGER")]
    pub fn close_within(
        mut self, // moved: the socket is closed, nothing can be done with it any more
        linger: impl Into<Linger>,
    ) {
        self.core.set_linger(linger.into());
    }
}

/// # Sending and receiving
impl<T: FreeRunning, M> Socket<T, M> {
    /// Sends a message of one frame; waits while there is no room for it.
    ///
    /// It is done when libzmq has accepted the message, not when a peer has received it. PUSH, DEALER and PAIR wait until
    /// a peer is there that has room; PUB and XPUB never wait, they drop what a subscriber has no room for.
    ///
    /// # Errors
    /// Every one has the message in it: [`Error::into_message`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    ///
    /// Follows [zmq_msg_send(3)](https://libzmq.readthedocs.io/en/latest/zmq_msg_send.html).
    #[doc(alias = "zmq_msg_send")]
    #[inline]
    pub fn send(&mut self, message: impl Into<Message>) -> Sending<'_>
    where
        T: CanSend,
        M: Attached,
    {
        Sending::new(Access::Whole(&mut self.core), Outgoing::One(message.into()))
    }

    /// As [`send`](Self::send), without waiting: [`Error::WouldBlock`] gives the message back. Works anywhere.
    #[inline]
    pub fn try_send(&mut self, message: impl Into<Message>) -> Result<()>
    where
        T: CanSend,
        M: Attached,
    {
        self.core.send(Outgoing::One(message.into()), Wait::Never)
    }

    /// As [`send`](Self::send), blocking the thread while it waits. Works anywhere; in async code use `send`.
    #[inline]
    pub fn blocking_send(&mut self, message: impl Into<Message>) -> Result<()>
    where
        T: CanSend,
        M: Attached,
    {
        self.core.send(Outgoing::One(message.into()), Wait::Forever)
    }

    /// Sends a message of several frames, whole: see [`send`](Self::send).
    ///
    /// # Errors
    /// [`Error::EmptyMultipart`] for no frames; every other one has the message in it.
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing, and no part.
    ///
    /// Follows [zmq_send(3), multi-part messages](https://libzmq.readthedocs.io/en/latest/zmq_send.html).
    ///
    /// ```
    /// use zmq_typestate::{Context, Pair};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// # let context = Context::new()?;
    /// # let mut one = context.socket::<Pair>()?.bind("inproc://multipart")?;
    /// # let mut two = context.socket::<Pair>()?.connect(one.address())?;
    /// one.send_multipart(["header", "body"]).await?;
    /// assert_eq!(two.recv_multipart().await?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "ZMQ_SNDMORE")]
    pub fn send_multipart(&mut self, message: impl Into<Multipart>) -> Sending<'_>
    where
        T: CanSendMultipart,
        M: Attached,
    {
        Sending::new(Access::Whole(&mut self.core), Outgoing::Many(message.into()))
    }

    /// As [`send_multipart`](Self::send_multipart), without waiting.
    pub fn try_send_multipart(&mut self, message: impl Into<Multipart>) -> Result<()>
    where
        T: CanSendMultipart,
        M: Attached,
    {
        self.core.send(Outgoing::Many(message.into()), Wait::Never)
    }

    /// As [`send_multipart`](Self::send_multipart), blocking the thread while it waits.
    pub fn blocking_send_multipart(&mut self, message: impl Into<Multipart>) -> Result<()>
    where
        T: CanSendMultipart,
        M: Attached,
    {
        self.core.send(Outgoing::Many(message.into()), Wait::Forever)
    }

    /// Receives: most types a [`Message`], ROUTER one with its sender, XPUB and STREAM an event.
    ///
    /// # Errors
    /// A message of several frames is an [`Error::UnexpectedMultipart`], which has it in it, whole: for those there is
    /// [`recv_multipart`](Self::recv_multipart).
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    ///
    /// Follows [zmq_msg_recv(3)](https://libzmq.readthedocs.io/en/latest/zmq_msg_recv.html).
    #[doc(alias = "zmq_msg_recv")]
    #[inline]
    pub fn recv(&mut self) -> Receiving<'_, T::Incoming>
    where
        T: CanRecv,
        M: Attached,
    {
        Receiving::new(&mut self.core)
    }

    /// As [`recv`](Self::recv), without waiting: [`Error::WouldBlock`] where nothing has arrived. Works anywhere.
    #[inline]
    pub fn try_recv(&mut self) -> Result<T::Incoming>
    where
        T: CanRecv,
        M: Attached,
    {
        self.core.recv(Wait::Never)
    }

    /// As [`recv`](Self::recv), blocking the thread while it waits. Works anywhere; in async code use `recv`.
    #[inline]
    pub fn blocking_recv(&mut self) -> Result<T::Incoming>
    where
        T: CanRecv,
        M: Attached,
    {
        self.core.recv(Wait::Forever)
    }

    /// Receives a message of any number of frames, whole; from a ROUTER with its sender.
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv_multipart(&mut self) -> Receiving<'_, <T::Incoming as Incoming>::Whole>
    where
        T: CanRecvMultipart,
        M: Attached,
    {
        Receiving::new(&mut self.core)
    }

    /// As [`recv_multipart`](Self::recv_multipart), without waiting.
    pub fn try_recv_multipart(&mut self) -> Result<<T::Incoming as Incoming>::Whole>
    where
        T: CanRecvMultipart,
        M: Attached,
    {
        self.core.recv(Wait::Never)
    }

    /// As [`recv_multipart`](Self::recv_multipart), blocking the thread while it waits.
    pub fn blocking_recv_multipart(&mut self) -> Result<<T::Incoming as Incoming>::Whole>
    where
        T: CanRecvMultipart,
        M: Attached,
    {
        self.core.recv(Wait::Forever)
    }
}

impl<T, M> fmt::Debug for Socket<T, M> {
    /// The type and the endpoints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.fmt(f)
    }
}
