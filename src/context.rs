//! [`Context`]: what sockets are made from, and what ends them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task;

use crate::context_builder::ContextBuilder;
use crate::core::Core;
use crate::error::{Error, Result, Unsent};
use crate::inproc::Names;
use crate::mode::Idle;
use crate::raw;
use crate::socket::Socket;
use crate::socket_type::SocketType;

/// A ZeroMQ context: its sockets share I/O threads, and find each other at `inproc://` names.
///
/// Cloning it gives another handle of the same context. It may be dropped before its sockets, and dropping it never
/// waits: messages that were accepted are delivered in the background, up to their socket's
/// [`linger`](Socket::linger) (30 seconds unless set). A program that returns from `main`, or calls `exit`, waits for them
/// that long; sockets that are still open at that moment (in another thread, or around a call of `exit`) are not waited for.
///
/// Follows [zmq_ctx_new(3)](https://libzmq.readthedocs.io/en/latest/zmq_ctx_new.html).
///
/// ```
/// use zmq_typestate::{Context, Pair};
///
/// # fn main() -> zmq_typestate::Result<()> {
/// let context = Context::new()?;
/// let mut here = context.socket::<Pair>()?.bind("inproc://here")?;
/// let mut there = context.socket::<Pair>()?.connect(here.address())?;
/// there.blocking_send("hello")?;
/// assert_eq!(here.blocking_recv()?, "hello");
/// # Ok(())
/// # }
/// ```
#[doc(alias = "zmq_ctx_new")]
#[derive(Clone)]
pub struct Context {
    raw: Arc<raw::Context>,
    names: Arc<Names>,
}

impl Context {
    /// A new context, with libzmq's own settings: one I/O thread, up to 1023 sockets.
    ///
    /// # Errors
    /// [`Error::System`] when the process has no descriptors left; with the feature `draft`, `Error::NoDraftApi` when libzmq
    /// has been exchanged for one without the draft API.
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// A context with other settings. They are fixed with it: libzmq ignores what comes later.
    ///
    /// ```
    /// use zmq_typestate::Context;
    ///
    /// let context = Context::builder().io_threads(2).ipv6(true).build()?;
    /// # drop(context);
    /// # Ok::<(), zmq_typestate::Error>(())
    /// ```
    pub fn builder() -> ContextBuilder {
        ContextBuilder::new()
    }

    pub(crate) fn raw(&self) -> &raw::Context {
        &self.raw
    }

    pub(crate) fn from_raw(raw: Arc<raw::Context>) -> Self {
        Self { raw, names: Arc::default() }
    }

    /// The context of [`Socket::new`]: one for the whole process, made when it is first asked for.
    pub(crate) fn global() -> Result<&'static Self> {
        static GLOBAL: OnceLock<Context> = OnceLock::new();
        match GLOBAL.get() {
            Some(context) => Ok(context),
            None => {
                let context = Context::new()?;
                Ok(GLOBAL.get_or_init(|| context))
            }
        }
    }

    /// A new socket, attached to nothing yet: set its options, then [`bind`](Socket::bind) or
    /// [`connect`](Socket::connect) it.
    ///
    /// # Errors
    /// [`Error::ContextTerminated`]; [`Error::System`] when there are too many sockets.
    ///
    /// Follows [zmq_socket(3)](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
    #[doc(alias = "zmq_socket")]
    pub fn socket<T: SocketType>(&self) -> Result<Socket<T::Fresh, Idle>> {
        let Some(handle) = self.raw.handle() else {
            return Err(Error::ContextTerminated { socket: T::KIND.name, unsent: Unsent::NOTHING });
        };
        let core = Core::open(handle, self.names.clone(), T::KIND)?;
        Ok(Socket::from_core(Box::new(core)))
    }

    /// Ends the context's sockets: every call on them, also one that is waiting, fails with
    /// [`Error::ContextTerminated`]; they can only be closed. What they have accepted is still delivered.
    ///
    /// Follows [zmq_ctx_shutdown(3)](https://libzmq.readthedocs.io/en/latest/zmq_ctx_shutdown.html).
    #[doc(alias = "zmq_ctx_shutdown")]
    pub fn shutdown(&self) {
        self.raw.shutdown();
    }

    /// Shuts the context down, and waits until its sockets have been closed and their messages delivered, or lingered for
    /// as long as they may.
    ///
    /// The shutdown is at once; the waiting needs no runtime. It does not end while a socket is kept open.
    ///
    /// # Cancel safety
    /// Dropping the future only gives up waiting.
    ///
    /// Follows [zmq_ctx_term(3)](https://libzmq.readthedocs.io/en/latest/zmq_ctx_term.html).
    ///
    /// ```
    /// use zmq_typestate::{Context, Termination};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// // ..
    /// assert_eq!(context.terminate().await, Termination::InTime);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "zmq_ctx_term")]
    pub fn terminate(self, // moved: the context is shut down, and makes no sockets any more
    ) -> Terminating {
        let mut ended = self.raw.end();
        Terminating(Box::pin(async move {
            let in_time = match ended.wait_for(Option::is_some).await {
                Ok(in_time) => *in_time != Some(false),
                // The sender outlives the context: gone, it has ended without a word only in a process that is ending.
                Err(_) => false,
            };
            if in_time { Termination::InTime } else { Termination::LingerExpired }
        }))
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

/// How a context ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Termination {
    /// Before the linger of any socket ran out that was open, or lingering, when the end was asked for: what those had
    /// accepted has been handed to the peers' connections, but for what [`Linger::Drop`](crate::Linger::Drop) dropped.
    InTime,
    /// The linger of one of them had run out by then, or was about to: messages may have been dropped.
    LingerExpired,
}

/// Waits for the end of a context; made by [`Context::terminate`].
#[must_use = "the context is shut down at once; await this to know that it has ended"]
pub struct Terminating(Pin<Box<dyn Future<Output = Termination> + Send>>);

impl Future for Terminating {
    type Output = Termination;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> task::Poll<Termination> {
        self.0.as_mut().poll(cx)
    }
}
