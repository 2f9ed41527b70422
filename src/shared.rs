//! Sockets for many: the draft types that libzmq lets several threads use at once.

use std::fmt;
use std::future::Future;
use std::io::{Read, Write};
use std::marker::PhantomData;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Wake, Waker};

use crate::core::Outgoing;
use crate::endpoint::{Address, Target};
use crate::error::{Error, Result, Unsent};
use crate::future::{Access, Common, Sending, SharedReceiving};
use crate::incoming::sealed::Incoming as _;
use crate::message::Message;
use crate::mode::{Attached, Bound};
use crate::radio_dish::Group;
use crate::raw::{Ticket, Wait, wait_for_one_of};
use crate::routing::{ReceiverOf, RoutingId};
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
    /// The socket, from its last handle; any other one comes back.
    pub fn into_socket(self) -> Result<Socket<T, M>, Self> {
        self.common.into_core().map(Socket::from_core).map_err(|common| Self { common, state: PhantomData })
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
        let outgoing = Outgoing::One(message.into());
        self.common.lock().send(outgoing, Wait::Never)
    }

    /// As [`Socket::blocking_send`].
    pub fn blocking_send(&self, message: impl Into<Message>) -> Result<()>
    where
        T: CanSend,
    {
        self.send_waiting(Outgoing::One(message.into()))
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
        let mut core = self.common.lock();
        let outgoing = to.address(&core, message)?;
        core.send(outgoing, Wait::Never)
    }

    /// As [`Socket::blocking_send_to`].
    pub fn blocking_send_to<R: ReceiverOf<T>>(&self, to: &R, message: impl Into<Message>) -> Result<()> {
        let message = message.into();
        let outgoing = to.address(&self.common.lock(), message)?;
        self.send_waiting(outgoing)
    }

    fn send_waiting(&self, outgoing: Outgoing) -> Result<()> {
        let mut sending = Sending::new(Access::Common(&self.common, Ticket::blocking()), outgoing);
        let sent = self.block_on(&mut sending);
        sent.map_err(|error| error.with_unsent(sending.take()))
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
        let mut core = self.common.lock();
        let arrival = core.recv(Wait::Never)?;
        T::Incoming::from_arrival(&mut core, arrival)
    }

    /// As [`Socket::blocking_recv`].
    pub fn blocking_recv(&self) -> Result<T::Incoming>
    where
        T: CanRecv,
    {
        self.block_on(&mut SharedReceiving::new(&self.common, Ticket::blocking()))
    }

    /// As [`Socket::addresses`].
    #[must_use]
    pub fn addresses(&self) -> Vec<Address<T::Kind>> {
        self.common.lock().addresses().collect()
    }

    /// As [`Socket::also_bind`].
    pub fn also_bind<A: Target>(&self, target: A) -> Result<Address<T::Kind>>
    where
        T: ManyEndpoints + BindsOver<A::Transport>,
        T::Kind: ListensAs<A::Listener>,
    {
        self.common.lock().bind(target.into_endpoint())
    }

    /// As [`Socket::also_connect`].
    pub fn also_connect<A: Target>(&self, target: A) -> Result<()>
    where
        T: ManyEndpoints + CanConnect + TalksTo<A::Listener> + ConnectsOver<A::Transport>,
    {
        self.common.lock().connect(target.into_endpoint())
    }

    /// As [`Socket::unbind`].
    pub fn unbind<A: Target>(&self, target: A) -> Result<()>
    where
        T: ManyEndpoints,
    {
        self.common.lock().unbind(target.into_endpoint())
    }

    /// As [`Socket::disconnect`].
    pub fn disconnect<A: Target>(&self, target: A) -> Result<()>
    where
        T: ManyEndpoints,
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

    /// Runs a future on this thread, which waits on the socket's descriptor by itself, and is woken by those who take a
    /// signal from it. The lock is not held meanwhile.
    fn block_on<R>(&self, future: &mut (impl Future<Output = Result<R>> + Unpin)) -> Result<R> {
        let mut future = Pin::new(future);
        // Most calls need not wait, and then no way to be woken.
        if let Poll::Ready(done) = future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())) {
            return done;
        }
        let failed = |call, source| Error::System { socket: T::KIND.name, call, source, unsent: Unsent::NOTHING };
        let (wakeups, waker) = UnixStream::pair().map_err(|source| failed("socketpair", source))?;
        for end in [&wakeups, &waker] {
            end.set_nonblocking(true).map_err(|source| failed("fcntl", source))?;
        }
        let waker = Waker::from(Arc::new(WakeThread(waker)));
        let descriptor = self.common.lock().raw.descriptor();
        let descriptor = descriptor.map_err(|errno| failed("zmq_poller_fd", errno.into()))?;
        loop {
            if let Poll::Ready(done) = future.as_mut().poll(&mut TaskContext::from_waker(&waker)) {
                return done;
            }
            wait_for_one_of([descriptor, wakeups.as_raw_fd()]).map_err(|errno| failed("poll", errno.into()))?;
            // One wakeup is as good as many; the rest is left for the next round.
            let _ = (&wakeups).read(&mut [0; 64]);
        }
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

impl<T: SocketType> Shared<T, Bound> {
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
