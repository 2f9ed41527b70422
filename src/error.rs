//! What can go wrong at run time, and what each failure gives back.

use std::fmt;
use std::io;
use std::sync::Mutex;
use std::time::Duration;

use crate::endpoint::EndpointError;
#[cfg(feature = "draft")]
use crate::message::Message;
use crate::message::Multipart;

/// A result whose error is this crate's.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the types could not rule out.
///
/// Each variant names what it is about: the socket, the endpoint, the option or the peer. Where a message could not be
/// sent, or was received but not in the expected shape, it is inside: [`Error::into_message`] gives it back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text of an endpoint is not one that ZeroMQ can mean. Nothing was asked of libzmq.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),

    /// The system, or libzmq, refused to bind or connect.
    #[error("{socket} cannot {action} {endpoint}: {source}")]
    Attach {
        /// The socket type, as `PUSH`.
        socket: &'static str,
        /// What was asked: `bind`, `connect`, `unbind` or `disconnect`.
        action: &'static str,
        /// The endpoint concerned.
        endpoint: String,
        /// The reason.
        source: io::Error,
    },

    /// The other end of an `inproc://` name is of a socket type that this one cannot talk to. libzmq does not check it:
    /// messages would be lost, or the process aborted.
    #[error("{socket} cannot talk to the {peer} at {endpoint}: libzmq would lose messages or abort the process")]
    IncompatiblePeer {
        /// The socket type that was refused.
        socket: &'static str,
        /// The socket type at the other end.
        peer: &'static str,
        /// The endpoint concerned.
        endpoint: String,
    },

    /// This socket type does not speak the endpoint's transport, or not from this side.
    #[error("{socket} cannot {action} {endpoint}: {expected}")]
    UnsupportedTransport {
        /// The socket type.
        socket: &'static str,
        /// What was asked: `bind` or `connect`.
        action: &'static str,
        /// The endpoint concerned.
        endpoint: String,
        /// What to use instead.
        expected: &'static str,
    },

    /// An `ipc://` path where something lies that is not a socket. libzmq would delete it.
    #[error("cannot bind {endpoint}: the path holds something that is not a socket, which libzmq would delete")]
    PathInUse {
        /// The endpoint concerned.
        endpoint: String,
    },

    /// The socket is connected to this endpoint already; libzmq would ignore the second connect, or send to it twice.
    #[error("{socket} is already connected to {endpoint}")]
    AlreadyConnected {
        /// The socket type.
        socket: &'static str,
        /// The endpoint concerned.
        endpoint: String,
    },

    /// The socket was not attached to this endpoint, or in the other way.
    #[error("{socket} cannot {action} {endpoint}: it is not among the endpoints that it was attached to that way")]
    NotAttached {
        /// The socket type.
        socket: &'static str,
        /// What was asked: `unbind` or `disconnect`.
        action: &'static str,
        /// The endpoint concerned.
        endpoint: String,
    },

    /// A value that libzmq refused for an option of the socket.
    #[error("{socket} does not take {option} = {value}: {source}")]
    Option {
        /// The socket type.
        socket: &'static str,
        /// The name of the option in libzmq, as `ZMQ_ROUTING_ID`.
        option: &'static str,
        /// The value, as far as it is short.
        value: String,
        /// The reason.
        source: io::Error,
    },

    /// This libzmq was compiled without what an option needs: it would ignore it in silence, or fail later. The flags that
    /// bring it are in this crate's `.cargo/config.toml`.
    #[error("{socket} cannot have {option}: this libzmq was built without {define}, put -D{define}=1 into CXXFLAGS")]
    OptionNotBuilt {
        /// The socket type, or `context`.
        socket: &'static str,
        /// The name of the option in libzmq, as `ZMQ_TCP_KEEPALIVE`.
        option: &'static str,
        /// What libzmq has to be compiled with, as `ZMQ_HAVE_SO_KEEPALIVE`.
        define: &'static str,
    },

    /// The socket has a [`Monitor`](crate::Monitor) already: libzmq has one for each socket.
    #[error("{socket} is monitored already: libzmq has one monitor for each socket")]
    AlreadyMonitored {
        /// The socket type.
        socket: &'static str,
    },

    /// A peer that closed the connection during the handshake, without a word. It may be of a socket type that cannot talk
    /// to this one.
    #[error(
        "{socket}: the peer at {endpoint} closed the connection during the handshake: is its socket type one that {socket} can talk to?"
    )]
    PeerHungUp {
        /// The socket type.
        socket: &'static str,
        /// The endpoint concerned.
        endpoint: String,
    },

    /// The socket was closed while its [`Monitor`](crate::Monitor) waited for peers.
    #[error("{socket} has been closed: no peers come any more")]
    Closed {
        /// The socket type.
        socket: &'static str,
    },

    /// The inproc address of a socket of another context: each has names of its own, and nobody would be there.
    #[error("{socket} cannot {action} {endpoint}: it is an address of another context")]
    ForeignAddress {
        /// The socket type.
        socket: &'static str,
        /// What was asked: `bind` or `connect`.
        action: &'static str,
        /// The endpoint concerned.
        endpoint: String,
    },

    /// A ZAP domain cannot have this name.
    #[error("there can be no ZAP domain \"{}\": {fault}", domain.escape_debug())]
    ZapDomain {
        /// The name that was given.
        domain: String,
        /// The reason.
        fault: &'static str,
    },

    /// A ZAP domain of another context: the handler of this one does not know it, and nobody would get in.
    #[error("{socket} cannot use the ZAP domain \"{}\": it is one of another context", domain.escape_debug())]
    ForeignZapDomain {
        /// The socket type.
        socket: &'static str,
        /// The name of the domain.
        domain: String,
    },

    /// Something that is no CURVE key.
    #[error(transparent)]
    #[cfg(feature = "curve")]
    Key(#[from] crate::curve::KeyError),

    /// A value that an option cannot have.
    #[error("{option} cannot be {value}: {fault}")]
    Value {
        /// The name of the option in libzmq, as `ZMQ_HEARTBEAT_TTL`.
        option: &'static str,
        /// The value that was given.
        value: String,
        /// The reason.
        fault: &'static str,
    },

    /// A `try_` call would have had to wait: nothing has arrived, or there is no room.
    #[error("{socket} would have to wait")]
    WouldBlock {
        /// The socket type.
        socket: &'static str,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// The addressed peer is not connected (any more).
    #[error("{socket} has no peer {peer}")]
    Unroutable {
        /// The socket type.
        socket: &'static str,
        /// The peer's routing id.
        peer: String,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// A message of several frames came where one frame was asked for. Here it is; use `recv_multipart`.
    #[error("{socket} received a message of {} frames where one was asked for: use recv_multipart", message.len())]
    UnexpectedMultipart {
        /// The socket type.
        socket: &'static str,
        /// The message, whole.
        message: Box<Multipart>,
    },

    /// A message that came without the empty delimiter frame of the request/reply envelope. Here it is, with the
    /// sender's routing id in front.
    #[error("{socket} received a message that is not a request: it has no empty delimiter frame")]
    NoDelimiter {
        /// The socket type.
        socket: &'static str,
        /// The message, whole.
        message: Box<Multipart>,
    },

    /// A message needs at least one frame.
    #[error("{socket} cannot send a message of no frames")]
    EmptyMultipart {
        /// The socket type.
        socket: &'static str,
    },

    /// A socket that keeps only the last message ([`conflate`](crate::Socket::conflate)) would keep only the last frame.
    #[error("{socket} conflates: of a message of {frames} frames it would keep only the last")]
    ConflatedMultipart {
        /// The socket type.
        socket: &'static str,
        /// How many there were.
        frames: usize,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// A peer has sent several frames to a socket that keeps only the last message ([`conflate`](crate::Socket::conflate)).
    /// libzmq would abort the process at the next receive: the socket can only be closed.
    #[error(
        "{socket} conflates, and a peer has sent it a message of several frames: libzmq cannot go on with it, open a new socket"
    )]
    ConflatedPeer {
        /// The socket type.
        socket: &'static str,
    },

    /// Two options, or an option and a transport, that libzmq does not survive together.
    #[error("{socket} cannot {action} {endpoint} with {option}: {fault}")]
    NotWithOption {
        /// The socket type.
        socket: &'static str,
        /// What was asked: `bind` or `connect`.
        action: &'static str,
        /// The endpoint concerned.
        endpoint: String,
        /// The name of the option in libzmq.
        option: &'static str,
        /// The reason, and what to do.
        fault: &'static str,
    },

    /// STREAM would close the peer's connection instead of sending nothing: that is `close_peer`.
    #[error("STREAM cannot send zero bytes to {peer}: it would close the connection, which is what close_peer does")]
    EmptyData {
        /// The peer's routing id.
        peer: String,
    },

    /// An upstream message may not begin with a byte 0 or 1: it would be taken for a subscription.
    #[error("XSUB cannot send this message upstream: a first byte of {first} makes it a subscription")]
    LooksLikeSubscription {
        /// The message's first byte.
        first: u8,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// A routing id must be 1 to 255 bytes, and one that is chosen may not begin with a zero byte.
    #[error("\"{}\" is no routing id: one is 1 to 255 bytes, and a chosen one does not begin with a zero byte", id.escape_ascii())]
    RoutingId {
        /// The bytes that were given.
        id: Vec<u8>,
    },

    /// Another peer of this ROUTER has this name. libzmq would abort the process.
    #[error("ROUTER already has a peer named {name}")]
    DuplicateName {
        /// The name that was given.
        name: String,
    },

    /// The routing id came from another SERVER or PEER. libzmq would send to whichever peer has that number here.
    #[error("{socket} did not give the routing id {peer}: it came from another socket")]
    #[cfg(feature = "draft")]
    ForeignRoutingId {
        /// The socket type.
        socket: &'static str,
        /// The peer's routing id.
        peer: String,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// A datagram of more than libzmq has room for, which it would write past the end of its buffer.
    #[error("{socket} cannot send {len} bytes over udp: {limit} fit into the datagram")]
    #[cfg(feature = "draft")]
    DatagramTooLong {
        /// The socket type.
        socket: &'static str,
        /// The length of the message, in bytes.
        len: usize,
        /// The longest that fits, in bytes: 8192, less the group and one.
        limit: usize,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// Bytes that cannot be the name of a group.
    #[error("\"{}\" is no group: its name is at most 14 bytes, and none of them is NUL", group.escape_ascii())]
    #[cfg(feature = "draft")]
    Group {
        /// The bytes that were given.
        group: Vec<u8>,
    },

    /// A group that was joined twice, or left without having been joined.
    #[error("DISH cannot {action} \"{group}\": {fault}")]
    #[cfg(feature = "draft")]
    Membership {
        /// What was asked: `join` or `leave`.
        action: &'static str,
        /// The group.
        group: String,
        /// The reason.
        fault: &'static str,
    },

    /// The libzmq that the program runs with has no draft API, though it was built for one that has.
    #[error("this libzmq has no draft API: build it with CXXFLAGS=\"-DZMQ_BUILD_DRAFT_API=1 -funsigned-char\"")]
    #[cfg(feature = "draft")]
    NoDraftApi,

    /// The libzmq that the program runs with has no CURVE, though it was built for one that has.
    #[error("this libzmq has no CURVE: build it with CXXFLAGS=\"-DZMQ_HAVE_CURVE=1 -DZMQ_USE_TWEETNACL=1\"")]
    #[cfg(feature = "curve")]
    NoCurve,

    /// The context has been shut down or terminated: its sockets can only be closed.
    #[error("{socket}: the context has been terminated")]
    ContextTerminated {
        /// The socket type, or `context`.
        socket: &'static str,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// An async call was made outside of a tokio runtime. The `blocking_` and `try_` forms work anywhere.
    #[error("{socket}: async calls need a tokio runtime, use the blocking_ or try_ form outside of one")]
    NoRuntime {
        /// The socket type.
        socket: &'static str,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// The tokio runtime was built without the driver that the call waits on.
    #[error("{socket}: the tokio runtime has no {driver} driver: build it with {enable}()")]
    NoDriver {
        /// The socket type.
        socket: &'static str,
        /// `I/O` or `time`.
        driver: &'static str,
        /// The method of `tokio::runtime::Builder` that adds it.
        enable: &'static str,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// A `_within` call ran out of time.
    #[error("{socket}: timed out after {after:?}")]
    TimedOut {
        /// The socket type.
        socket: &'static str,
        /// The time that it was given.
        after: Duration,
        /// What was to be sent.
        unsent: Unsent,
    },

    /// Anything else that the system or libzmq reported.
    #[error("{socket}: {call} failed: {source}")]
    System {
        /// The socket type, or `context`.
        socket: &'static str,
        /// The C call.
        call: &'static str,
        /// The reason.
        source: io::Error,
        /// What was to be sent.
        unsent: Unsent,
    },
}

impl Error {
    /// The message that could not be sent, or that came in an unexpected shape.
    ///
    /// ```
    /// use zmq_typestate::{Context, Push};
    ///
    /// # fn main() -> zmq_typestate::Result<()> {
    /// let mut feed = Context::new()?.socket::<Push>()?.bind("tcp://127.0.0.1:*")?;
    /// let full = feed.try_send("nobody is connected").unwrap_err();
    /// assert_eq!(full.into_message().unwrap()[0], "nobody is connected");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn into_message(self) -> Option<Multipart> {
        match self {
            #[cfg(feature = "draft")]
            Error::ForeignRoutingId { unsent, .. } | Error::DatagramTooLong { unsent, .. } => {
                unsent.0.map(|message| *message)
            }
            Error::WouldBlock { unsent, .. }
            | Error::Unroutable { unsent, .. }
            | Error::LooksLikeSubscription { unsent, .. }
            | Error::ConflatedMultipart { unsent, .. }
            | Error::ContextTerminated { unsent, .. }
            | Error::NoRuntime { unsent, .. }
            | Error::NoDriver { unsent, .. }
            | Error::TimedOut { unsent, .. }
            | Error::System { unsent, .. } => unsent.0.map(|message| *message),
            Error::UnexpectedMultipart { message, .. } | Error::NoDelimiter { message, .. } => Some(*message),
            _ => None,
        }
    }

    /// Puts the message into an error that came up before it was tried to send it.
    pub(crate) fn with_unsent(mut self, message: Multipart) -> Self {
        match &mut self {
            Error::WouldBlock { unsent, .. }
            | Error::Unroutable { unsent, .. }
            | Error::LooksLikeSubscription { unsent, .. }
            | Error::ContextTerminated { unsent, .. }
            | Error::NoRuntime { unsent, .. }
            | Error::NoDriver { unsent, .. }
            | Error::TimedOut { unsent, .. }
            | Error::System { unsent, .. }
                if !message.is_empty() =>
            {
                *unsent = message.into();
            }
            _ => {}
        }
        self
    }

    /// Whether a `try_` call failed only because it would have had to wait.
    #[must_use]
    pub fn is_would_block(&self) -> bool {
        matches!(self, Error::WouldBlock { .. })
    }
}

/// The message of a failed send, inside its [`Error`]; nothing, where the call had none.
#[derive(Default)]
pub struct Unsent(Option<Box<Multipart>>);

impl Unsent {
    pub(crate) const NOTHING: Self = Self(None);
}

impl From<Multipart> for Unsent {
    fn from(message: Multipart) -> Self {
        Self(Some(Box::new(message)))
    }
}

#[cfg(feature = "draft")]
impl From<Message> for Unsent {
    fn from(message: Message) -> Self {
        Multipart::from(message).into()
    }
}

impl fmt::Debug for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(message) => message.fmt(f),
            None => f.write_str("nothing"),
        }
    }
}

/// Why a lock-step call of REQ or REP failed, and the socket, in the phase that it is in.
///
/// `?` turns it into an [`Error`], where the socket is not wanted back.
///
/// ```
/// use std::time::Duration;
/// use zmq_typestate::{Context, Req};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> zmq_typestate::Result<()> {
/// let ask = Context::new()?.socket::<Req>()?.bind("tcp://127.0.0.1:*")?;
/// let refused = ask.send_within(Duration::from_millis(1), "anyone?").await.unwrap_err();
/// let (ask, error) = refused.into_parts();
/// assert_eq!(error.into_message().unwrap()[0], "anyone?");
/// # drop(ask);
/// # Ok(())
/// # }
/// ```
pub struct Returned<S>(Box<Inner<S>>);

struct Inner<S> {
    error: Error,
    // A socket is not `Sync`; an error has to be, for `?` into `anyhow` and its like. It is only given out by value.
    socket: Mutex<S>,
}

impl<S> Returned<S> {
    pub(crate) fn new(error: Error, socket: S) -> Self {
        Self(Box::new(Inner { error, socket: Mutex::new(socket) }))
    }

    /// What went wrong.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.0.error
    }

    /// The socket, to go on with.
    #[must_use]
    pub fn into_socket(self) -> S {
        self.into_parts().0
    }

    /// The socket, and what went wrong.
    #[must_use]
    pub fn into_parts(self) -> (S, Error) {
        let Inner { error, socket } = *self.0;
        (socket.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner), error)
    }
}

impl<S> From<Returned<S>> for Error {
    fn from(returned: Returned<S>) -> Self {
        returned.0.error
    }
}

impl<S> fmt::Debug for Returned<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.error, f)
    }
}

impl<S> fmt::Display for Returned<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.error, f)
    }
}

impl<S> std::error::Error for Returned<S> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.error.source()
    }
}
