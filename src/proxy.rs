//! [`Proxy`]: moves messages between two sockets, for brokers, forwarders and streamers.

mod control;
mod engine;

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

pub use control::{ProxyControl, ProxyFlow, ProxyStats};
use engine::Engine;

use crate::error::{Error, Result, Returned, Unsent};
use crate::mode::Attached;
use crate::socket::Socket;
use crate::socket_type::{BackendOf, Captures, SinkOf, SocketType};

/// Moves messages between two sockets: what the frontend receives the backend sends, and back. It takes the sockets, and
/// gives them back when it ends.
///
/// It goes between ROUTER and DEALER (requests, whose envelopes it leaves alone), XSUB and XPUB (topics, and subscriptions the
/// other way), PULL and PUSH (work), DEALER and DEALER, PAIR and PAIR, and of the draft types between GATHER and SCATTER and
/// between CHANNEL and CHANNEL.
///
/// Messages are moved whole, and wait in the queues of the sockets while the other side has no room. A client of a ROUTER
/// that has gone, or has no room for its reply, holds up nobody: its message is dropped, and counted
/// ([`ProxyFlow::dropped`]).
///
/// Follows [zmq_proxy(3)](https://libzmq.readthedocs.io/en/latest/zmq_proxy.html).
///
/// ```
/// use zmq_typestate::{Context, Dealer, Proxy, Rep, Req, Router};
///
/// # #[tokio::main]
/// # async fn main() -> zmq_typestate::Result<()> {
/// let context = Context::new()?;
/// let clients = context.socket::<Router>()?.bind("tcp://127.0.0.1:*")?;
/// let workers = context.socket::<Dealer>()?.bind("tcp://127.0.0.1:*")?;
/// let (for_clients, for_workers) = (clients.address(), workers.address());
/// let broker = Proxy::new(clients, workers).spawn()?;
///
/// let mut worker = context.socket::<Rep>()?.connect(for_workers)?;
/// let working = tokio::spawn(async move { worker.next_request().await?.reply("done") });
/// let mut client = context.socket::<Req>()?.connect(for_clients)?;
/// assert_eq!(client.request("job").await?, "done");
///
/// let ended = broker.stop().await?;
/// assert_eq!((ended.stats.to_backend.messages, ended.stats.to_frontend.messages), (1, 1));
/// # working.await.unwrap()
/// # }
/// ```
#[doc(alias = "zmq_proxy")]
#[doc(alias = "zmq_proxy_steerable")]
#[must_use = "nothing is forwarded until it is spawned or run"]
pub struct Proxy<F, FM, B, BM> {
    engine: Engine,
    ends: Ends<F, FM, B, BM>,
}

type Sockets<F, FM, B, BM> = (Socket<F, FM>, Socket<B, BM>);
type Ends<F, FM, B, BM> = PhantomData<fn() -> Sockets<F, FM, B, BM>>;

impl<F: SocketType, FM: Attached, B: SocketType, BM: Attached> Proxy<F, FM, B, BM> {
    /// A proxy between two sockets.
    pub fn new(frontend: Socket<F, FM>, backend: Socket<B, BM>) -> Self
    where
        B: BackendOf<F>,
    {
        let engine = Engine::new(frontend.into_core(), backend.into_core());
        Self { engine, ends: PhantomData }
    }

    /// A bridge that goes only one way, and loses something: what the source receives the sink sends, nothing goes back, and
    /// the subscriptions of a PUB's peers (or the groups of a RADIO's) do not reach the source, which receives what it has
    /// subscribed to itself. From SUB to PUB or PUSH, from PULL to PUB, and from DISH to RADIO.
    ///
    /// ```
    /// use zmq_typestate::{Context, Proxy, Pub, Sub};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let weather = context.socket::<Sub>()?.subscribe("weather").connect("tcp://127.0.0.1:5556")?;
    /// let inside = context.socket::<Pub>()?.bind("tcp://127.0.0.1:*")?;
    /// let bridge = Proxy::one_way(weather, inside).spawn()?;
    /// # bridge.stop().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn one_way(source: Socket<F, FM>, sink: Socket<B, BM>) -> Self
    where
        B: SinkOf<F>,
    {
        let engine = Engine::new(source.into_core(), sink.into_core());
        Self { engine, ends: PhantomData }
    }

    /// Sends a copy of each message to another socket too: what it has no room for, or nobody there wants, it does not get;
    /// the proxy does not wait for it. It is closed when the proxy ends.
    pub fn capture<C: Captures, CM: Attached>(mut self, socket: Socket<C, CM>) -> Self {
        self.engine.capture(socket.into_core());
        self
    }

    /// What pauses, resumes and ends the proxy from elsewhere, and tells what it has done.
    pub fn control(&self) -> ProxyControl {
        self.engine.control().clone()
    }

    /// Runs as a task of its own on the current runtime.
    ///
    /// # Errors
    /// [`Error::NoRuntime`] outside of a tokio runtime, with the sockets.
    #[allow(clippy::type_complexity, reason = "a type that is written out tells more than a name for it")]
    pub fn spawn(self) -> Result<ProxyHandle<F, FM, B, BM>, Returned<Sockets<F, FM, B, BM>>>
    where
        FM: 'static,
        BM: 'static,
    {
        let Ok(runtime) = Handle::try_current() else {
            let error = Error::NoRuntime { socket: "proxy", unsent: Unsent::NOTHING };
            return Err(Returned::new(error, self.engine.into_sockets()));
        };
        let control = self.control();
        Ok(ProxyHandle { control, task: runtime.spawn(self.run()) })
    }

    /// Runs as a future, until it is [stopped](ProxyControl::stop).
    ///
    /// # Cancel safety
    /// Dropping it closes the sockets. A message that it has taken from one side, and could not yet give to the other, is
    /// lost then: stop it, which gives the message back to its socket.
    pub fn run(self) -> RunningProxy<F, FM, B, BM> {
        RunningProxy { engine: Some(self.engine), ends: PhantomData }
    }
}

/// Runs a proxy; made by [`Proxy::run`].
///
/// Done, it is the sockets. Failed, the sockets are in the error.
///
/// # Cancel safety
/// Dropping it closes the sockets, and loses a message that has been taken from one and not yet been given to the other.
#[must_use = "nothing is forwarded until the future is awaited"]
pub struct RunningProxy<F, FM, B, BM> {
    engine: Option<Engine>,
    ends: Ends<F, FM, B, BM>,
}

impl<F, FM, B, BM> Future for RunningProxy<F, FM, B, BM> {
    type Output = Result<ProxyEnd<F, FM, B, BM>, Returned<Sockets<F, FM, B, BM>>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let Some(engine) = &mut this.engine else { return Poll::Pending };
        let Poll::Ready(ended) = engine.poll(cx) else { return Poll::Pending };
        let Some(engine) = this.engine.take() else { return Poll::Pending };
        let stats = engine.control().stats();
        let sockets = engine.into_sockets();
        Poll::Ready(match ended {
            Ok(()) => Ok(ProxyEnd { frontend: sockets.0, backend: sockets.1, stats }),
            Err(error) => Err(Returned::new(error, sockets)),
        })
    }
}

/// How a proxy ended: the sockets, to go on with, and what went through.
#[derive(Debug)]
#[must_use = "the sockets are closed when this is dropped"]
pub struct ProxyEnd<F, FM, B, BM> {
    /// The first socket. If a message had been taken from it and not been given to the other one, it is received next.
    pub frontend: Socket<F, FM>,
    /// The second socket, likewise.
    pub backend: Socket<B, BM>,
    /// What went through.
    pub stats: ProxyStats,
}

/// A proxy that runs as a task; made by [`Proxy::spawn`].
///
/// It has the calls of its [`ProxyControl`]. Dropping it leaves the proxy running, until its sockets' context ends.
#[must_use = "without it, the proxy can only be ended through a `control`"]
pub struct ProxyHandle<F, FM, B, BM> {
    control: ProxyControl,
    task: JoinHandle<<RunningProxy<F, FM, B, BM> as Future>::Output>,
}

impl<F, FM, B, BM> ProxyHandle<F, FM, B, BM> {
    /// Ends the proxy, and gives the sockets back. What has not been forwarded waits in them, to be received or, by a peer's
    /// next connection, to be delivered: nothing is lost.
    ///
    /// # Errors
    /// Why it had ended before: [`Error::ContextTerminated`], most often.
    pub async fn stop(self) -> Result<ProxyEnd<F, FM, B, BM>, Error> {
        self.control.stop();
        self.join().await
    }

    /// Ends the proxy as soon as it finds nothing more to forward, and gives the sockets back. While messages keep coming,
    /// it goes on.
    ///
    /// # Errors
    /// As for [`stop`](Self::stop).
    pub async fn drain(self) -> Result<ProxyEnd<F, FM, B, BM>, Error> {
        self.control.drain();
        self.join().await
    }

    /// Waits until the proxy is ended from elsewhere, or by a failure.
    ///
    /// # Errors
    /// As for [`stop`](Self::stop).
    pub async fn join(self) -> Result<ProxyEnd<F, FM, B, BM>, Error> {
        match self.task.await {
            Ok(ended) => Ok(ended?),
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Its runtime has been shut down.
                Err(_) => Err(Error::NoRuntime { socket: "proxy", unsent: Unsent::NOTHING }),
            },
        }
    }
}

impl<F, FM, B, BM> std::ops::Deref for ProxyHandle<F, FM, B, BM> {
    type Target = ProxyControl;

    fn deref(&self) -> &ProxyControl {
        &self.control
    }
}

impl<F, FM, B, BM> fmt::Debug for Proxy<F, FM, B, BM> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxy").field(&self.engine).finish()
    }
}

impl<F, FM, B, BM> fmt::Debug for ProxyHandle<F, FM, B, BM> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProxyHandle").field(&self.control).finish()
    }
}
