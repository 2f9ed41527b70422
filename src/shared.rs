//! Sockets for many: the draft types that libzmq lets several threads use at once.

use std::fmt;
use std::marker::PhantomData;

use crate::core::Outgoing;
use crate::endpoint::{Address, Target};
use crate::error::Result;
use crate::future::{Access, Common, Sending, SharedReceiving};
#[cfg(feature = "futures")]
use crate::futures::{SharedSink, SharedStream};
use crate::message::Message;
use crate::mode::{Attached, Bound};
use crate::radio_dish::Group;
use crate::raw::Ticket;
use crate::routing::{ReceiverOf, RoutingId};
use crate::security::SecuredOver;
use crate::socket::Socket;
use crate::socket_type::{
    BindsOver, CanConnect, CanJoin, CanRecv, CanSend, ConnectsOver, ListensAs, ManyEndpoints, Peer, SocketType,
    TalksTo, ThreadSafe,
};

/// A socket that any number of tasks and threads use at once; made by [`Socket::share`].
///
/// Cloning it gives another handle of the same socket, which is closed when the last one is dropped: never while a call
/// waits. It has the calls of a [`Socket`], on `&self`. Each message is sent or received once, by one of them; who waits
/// longest is looked after first, but in no promised order.
///
/// ```
/// use zmq_typestate::{Client, Context, Server};
///
/// # #[tokio::main]
/// # async fn main() -> zmq_typestate::Result<()> {
/// let context = Context::new()?;
/// let mut server = context.socket::<Server>()?.bind("inproc://shared")?;
/// let client = context.socket::<Client>()?.connect(server.address())?.share();
///
/// for task in 0..4 {
///     let client = client.clone();
///     tokio::spawn(async move { client.send(format!("from task {task}")).await });
/// }
/// for _ in 0..4 {
///     let (sender, message) = server.recv().await?;
///     server.send_to(&sender, message).await?;
///     client.recv().await?;
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "the socket is closed when its last handle is dropped"]
pub struct Shared<T, M> {
    common: Common,
    state: PhantomData<fn() -> (T, M)>,
}

/// # Sharing
impl<T: SocketType, M> Socket<T, M> {
    /// Shares the socket between tasks and threads.
    ///
    /// Follows [zmq_socket(3), thread-safe sockets](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
    pub fn share(self) -> Shared<T, M>
    where
        T: ThreadSafe,
        M: Attached,
    {
        Shared { common: Common::new(self.into_core()), state: PhantomData }
    }
}

impl<T, M> Clone for Shared<T, M> {
    fn clone(&self) -> Self {
        Self { common: self.common.clone(), state: PhantomData }
    }
}

impl<T, M> Shared<T, M> {
    pub(crate) fn common(&self) -> &Common {
        &self.common
    }

    /// The socket, from its last handle; any other one comes back.
    pub fn into_socket(self) -> Result<Socket<T, M>, Self> {
        self.common.into_core().map(Socket::from_core).map_err(|common| Self { common, state: PhantomData })
    }
}

#[cfg(feature = "futures")]
impl<T: SocketType, M: Attached> Shared<T, M> {
    /// What is received, as a `futures::Stream`: another handle of the same socket.
    pub fn stream(&self) -> SharedStream<T, M>
    where
        T: CanRecv,
    {
        SharedStream::new(self.common.clone())
    }

    /// What sends, as a `futures::Sink`: another handle of the same socket, of messages or, for RADIO, SERVER and PEER, of a
    /// receiver and a message.
    pub fn sink(&self) -> SharedSink<T, M> {
        SharedSink::new(self.common.clone())
    }
}

impl<T: SocketType, M> Shared<T, M> {
    /// As [`Socket::send`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    pub fn send(&self, message: impl Into<Message>) -> Sending<'_>
    where
        T: CanSend,
    {
        Sending::new(Access::common(&self.common), Outgoing::One(message.into()))
    }

    /// As [`Socket::try_send`].
    pub fn try_send(&self, message: impl Into<Message>) -> Result<()>
    where
        T: CanSend,
    {
        self.common.try_send(Ok(Outgoing::One(message.into())))
    }

    /// As [`Socket::blocking_send`].
    pub fn blocking_send(&self, message: impl Into<Message>) -> Result<()>
    where
        T: CanSend,
    {
        self.common.blocking_send(Ok(Outgoing::One(message.into())))
    }

    /// As [`Socket::send_to`].
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    pub fn send_to<R: ReceiverOf<T>>(&self, to: &R, message: impl Into<Message>) -> Sending<'_> {
        let message = message.into();
        let outgoing = to.address(&self.common.lock(), message);
        Sending::checked(Access::common(&self.common), outgoing)
    }

    /// As [`Socket::try_send_to`].
    pub fn try_send_to<R: ReceiverOf<T>>(&self, to: &R, message: impl Into<Message>) -> Result<()> {
        let message = message.into();
        let outgoing = to.address(&self.common.lock(), message);
        self.common.try_send(outgoing)
    }

    /// As [`Socket::blocking_send_to`].
    pub fn blocking_send_to<R: ReceiverOf<T>>(&self, to: &R, message: impl Into<Message>) -> Result<()> {
        let message = message.into();
        let outgoing = to.address(&self.common.lock(), message);
        self.common.blocking_send(outgoing)
    }

    /// As [`Socket::recv`].
    ///
    /// # Cancel safety
    /// Dropping the future loses no message.
    pub fn recv(&self) -> SharedReceiving<'_, T::Incoming>
    where
        T: CanRecv,
    {
        SharedReceiving::new(&self.common, Ticket::default())
    }

    /// As [`Socket::try_recv`].
    pub fn try_recv(&self) -> Result<T::Incoming>
    where
        T: CanRecv,
    {
        self.common.try_recv()
    }

    /// As [`Socket::blocking_recv`].
    pub fn blocking_recv(&self) -> Result<T::Incoming>
    where
        T: CanRecv,
    {
        self.common.blocking_recv()
    }

    /// As [`Socket::addresses`].
    #[must_use]
    pub fn addresses(&self) -> Vec<Address<T::Kind>> {
        self.common.lock().addresses().collect()
    }

    /// As [`Socket::also_bind`].
    pub fn also_bind<A: Target>(&self, target: A) -> Result<Address<T::Kind>>
    where
        M: Attached<Role: SecuredOver<A::Transport>>,
        T: ManyEndpoints + BindsOver<A::Transport>,
        T::Kind: ListensAs<A::Listener>,
    {
        self.common.lock().bind(target.into_endpoint())
    }

    /// As [`Socket::also_connect`].
    pub fn also_connect<A: Target>(&self, target: A) -> Result<()>
    where
        M: Attached<Role: SecuredOver<A::Transport>>,
        T: ManyEndpoints + CanConnect + TalksTo<A::Listener> + ConnectsOver<A::Transport>,
    {
        self.common.lock().connect(target.into_endpoint())
    }

    /// As [`Socket::unbind`].
    pub fn unbind<A: Target>(&self, target: A) -> Result<()>
    where
        T: ManyEndpoints,
        T::Kind: ListensAs<A::Listener>,
    {
        self.common.lock().unbind(target.into_endpoint())
    }

    /// As [`Socket::disconnect`].
    pub fn disconnect<A: Target>(&self, target: A) -> Result<()>
    where
        T: ManyEndpoints + TalksTo<A::Listener>,
    {
        self.common.lock().disconnect(target.into_endpoint())
    }

    /// As [`Socket::also_join`].
    pub fn also_join(&self, group: &Group) -> Result<()>
    where
        T: CanJoin,
    {
        self.common.lock().join(group)
    }

    /// As [`Socket::leave`].
    pub fn leave(&self, group: &Group) -> Result<()>
    where
        T: CanJoin,
    {
        self.common.lock().leave(group)
    }
}

impl<T: SocketType, S> Shared<T, Bound<S>> {
    /// As [`Socket::address`].
    #[must_use]
    pub fn address(&self) -> Address<T::Kind> {
        self.common.lock().home()
    }
}

impl<M> Shared<Peer, M> {
    /// As [`Socket::also_connect_peer`].
    pub fn also_connect_peer<A: Target>(&self, target: A) -> Result<RoutingId<Peer>>
    where
        M: Attached<Role: SecuredOver<A::Transport>>,
        Peer: ManyEndpoints + TalksTo<A::Listener> + ConnectsOver<A::Transport>,
    {
        self.common.lock().connect_peer(target)
    }
}

impl<T, M> fmt::Debug for Shared<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shared").field(&**self.common.lock()).finish()
    }
}
