//! The values of options: types that hold no senseless one.

use std::ffi::c_int;
use std::fmt;
use std::num::{NonZeroU16, NonZeroU32};
use std::time::Duration;

use crate::endpoint::{Endpoint, Parsed, Scheme, Tcp};
use crate::error::{Error, Result};

/// In whole milliseconds, rounded up: at least one, and at most 24 days. Zero would mean "off" or "never" to libzmq.
pub(super) const fn millis(time: Duration) -> c_int {
    let millis = time.as_nanos().div_ceil(1_000_000);
    if millis == 0 {
        1
    } else if millis > c_int::MAX as u128 {
        c_int::MAX
    } else {
        millis as c_int
    }
}

pub(super) const fn duration(millis: c_int) -> Duration {
    Duration::from_millis(if millis < 0 { 0 } else { millis as u64 })
}

/// A high water mark: how many messages a socket queues for each of its peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hwm {
    /// At most so many messages for each peer. It is not exact: what is on its way comes on top.
    Messages(NonZeroU32),
    /// As many as memory holds.
    Unlimited,
}

impl Hwm {
    /// A limit in messages; 0, which could queue nothing, counts as 1.
    ///
    /// ```
    /// use zmq_typestate::{Context, Hwm, Push};
    ///
    /// let feed = Context::new()?.socket::<Push>()?.send_hwm(Hwm::messages(100)).bind("tcp://127.0.0.1:*")?;
    /// # drop(feed);
    /// # Ok::<(), zmq_typestate::Error>(())
    /// ```
    #[must_use]
    pub const fn messages(limit: u32) -> Self {
        match NonZeroU32::new(limit) {
            Some(limit) => Hwm::Messages(limit),
            None => Hwm::Messages(NonZeroU32::MIN),
        }
    }
}

/// How long messages that were accepted go on being delivered after their socket is closed.
///
/// A [`Duration`] becomes `Linger::For`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linger {
    /// Until they are delivered, however long that takes: a program does not end before. This is libzmq's own default.
    Forever,
    /// Not at all: what has not been delivered is dropped.
    Drop,
    /// So long at most. Rounded down to milliseconds, and to at most 24 days.
    For(Duration),
}

impl Linger {
    /// None is for ever.
    pub(crate) fn limit(self) -> Option<Duration> {
        match self {
            Linger::Forever => None,
            Linger::Drop => Some(Duration::ZERO),
            Linger::For(time) => Some(time),
        }
    }
}

impl From<Duration> for Linger {
    fn from(time: Duration) -> Self {
        Linger::For(time)
    }
}

/// How long a call that blocks its thread waits.
///
/// A [`Duration`] becomes `Timeout::After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeout {
    /// Until it is done.
    Never,
    /// So long at most. Rounded up to milliseconds, and to at most 24 days.
    After(Duration),
}

impl From<Duration> for Timeout {
    fn from(time: Duration) -> Self {
        Timeout::After(time)
    }
}

/// How a socket that has connected gets back to its peer when the connection is lost, or never came about.
///
/// Times are rounded up to milliseconds, and are at least one.
///
/// Follows [zmq_setsockopt(3), ZMQ_RECONNECT_IVL](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reconnect {
    /// It does not.
    Never,
    /// It tries again after so long, and up to as long again by chance, so that not all peers come at once. libzmq's default
    /// is 100 milliseconds.
    Every(Duration),
    /// It waits longer after each try in vain.
    Backoff(Backoff),
}

/// Waiting twice as long after each try in vain, and a little more by chance, up to a limit: see [`Reconnect`].
///
/// ```
/// use std::time::Duration;
/// use zmq_typestate::{Backoff, Context, Push, Reconnect};
///
/// const POLITE: Backoff = Backoff::constant(Duration::from_millis(100), Duration::from_secs(30));
///
/// let socket = Context::new()?.socket::<Push>()?.reconnect(Reconnect::Backoff(POLITE));
/// # drop(socket);
/// # Ok::<(), zmq_typestate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    pub(super) first: c_int,
    pub(super) longest: c_int,
}

impl Backoff {
    /// Waits `first` after the first try, and in the end `longest`; up to `first` more comes on top by chance.
    ///
    /// # Errors
    /// [`Error::Value`] if `longest` is shorter than `first`: libzmq would then ignore it in silence.
    pub fn new(first: Duration, longest: Duration) -> Result<Self> {
        Self::checked(first, longest).ok_or_else(|| Error::Value {
            option: "ZMQ_RECONNECT_IVL_MAX",
            value: format!("{longest:?}"),
            fault: "it is shorter than the first interval",
        })
    }

    /// As [`new`](Self::new), for values that stand in the program.
    ///
    /// # Panics
    /// If `longest` is shorter than `first`: in a `const` that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn constant(first: Duration, longest: Duration) -> Self {
        match Self::checked(first, longest) {
            Some(backoff) => backoff,
            None => panic!("the longest interval of a backoff is at least its first one: libzmq would ignore it"),
        }
    }

    const fn checked(first: Duration, longest: Duration) -> Option<Self> {
        let (first, longest) = (millis(first), millis(longest));
        if longest < first { None } else { Some(Self { first, longest }) }
    }
}

/// When a socket stops trying to get back to a peer, though [`Reconnect`] would have it go on.
///
/// Follows [zmq_setsockopt(3), ZMQ_RECONNECT_STOP](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html), less what
/// that has and libzmq cannot tell apart: the sum of the two means something else again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReconnectStop {
    /// When the connection is refused: nobody listens there. Over tcp only.
    ConnectionRefused,
    /// When the handshake fails.
    HandshakeFailed,
}

/// Asks a silent peer for a sign of life, and gives the connection up where none comes. Only so is a peer noticed that has
/// vanished without a word (a cable, a router that forgets).
///
/// Times are rounded up to milliseconds, and are at least one.
///
/// ```
/// use std::time::Duration;
/// use zmq_typestate::{Context, Dealer, Heartbeat, Ttl};
///
/// const BEAT: Heartbeat = Heartbeat::every(Duration::from_secs(2))
///     .timeout(Duration::from_secs(6))
///     .ttl(Ttl::constant(Duration::from_secs(10)));
///
/// let socket = Context::new()?.socket::<Dealer>()?.heartbeat(BEAT);
/// # drop(socket);
/// # Ok::<(), zmq_typestate::Error>(())
/// ```
///
/// Follows [zmq_setsockopt(3), ZMQ_HEARTBEAT_IVL](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heartbeat {
    pub(super) interval: c_int,
    pub(super) timeout: Option<c_int>,
    pub(super) ttl: Option<Ttl>,
}

impl Heartbeat {
    /// Asks so often.
    #[must_use]
    pub const fn every(interval: Duration) -> Self {
        Self { interval: millis(interval), timeout: None, ttl: None }
    }

    /// Gives the connection up when nothing has come for so long after it asked; as long as the interval unless set.
    #[must_use]
    pub const fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(millis(timeout)), ..self }
    }

    /// Has the peer give the connection up too, when it has heard nothing for so long.
    #[must_use]
    pub const fn ttl(self, ttl: Ttl) -> Self {
        Self { ttl: Some(ttl), ..self }
    }
}

/// How long the peer of a [`Heartbeat`] waits: 0.1 to 65.5 seconds, in tenths of a second.
///
/// ZMTP has room for more, but a peer that is libzmq takes it modulo 65.536 seconds: it would drop the connection again and
/// again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ttl(NonZeroU16);

impl Ttl {
    /// The longest.
    pub const MAX: Self = match NonZeroU16::new(655) {
        Some(tenths) => Self(tenths),
        None => unreachable!(),
    };

    /// Rounded up to tenths of a second.
    ///
    /// # Errors
    /// [`Error::Value`] for more than [`Ttl::MAX`].
    pub fn new(ttl: Duration) -> Result<Self> {
        Self::checked(ttl).ok_or_else(|| Error::Value {
            option: "ZMQ_HEARTBEAT_TTL",
            value: format!("{ttl:?}"),
            fault: "it is at most 65.5 seconds",
        })
    }

    /// As [`new`](Self::new), for a value that stands in the program.
    ///
    /// # Panics
    /// For more than [`Ttl::MAX`]: in a `const` that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn constant(ttl: Duration) -> Self {
        match Self::checked(ttl) {
            Some(ttl) => ttl,
            None => panic!(
                "the ttl of a heartbeat is at most 65.5 seconds: the peer would take a longer one for a short one"
            ),
        }
    }

    const fn checked(ttl: Duration) -> Option<Self> {
        let tenths = ttl.as_nanos().div_ceil(100_000_000);
        if tenths > Self::MAX.0.get() as u128 {
            return None;
        }
        match NonZeroU16::new(tenths as u16) {
            Some(tenths) => Some(Self(tenths)),
            None => Some(Self(NonZeroU16::MIN)),
        }
    }

    pub(super) fn millis(self) -> c_int {
        c_int::from(self.0.get()) * 100
    }

    pub(super) fn from_millis(millis: c_int) -> Option<Self> {
        u16::try_from(millis / 100).ok().and_then(NonZeroU16::new).map(Self)
    }
}

impl From<Ttl> for Duration {
    fn from(ttl: Ttl) -> Self {
        Duration::from_millis(u64::from(ttl.0.get()) * 100)
    }
}

/// TCP keepalive: the operating system asks a silent peer for a sign of life. A [`Heartbeat`] does the same for ZeroMQ, over
/// every transport with connections, and notices a peer whose system lives while it hangs.
///
/// Times are rounded up to seconds, at least one and at most 32767.
///
/// Follows [zmq_setsockopt(3), ZMQ_TCP_KEEPALIVE](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TcpKeepalive {
    /// No keepalive, whatever the system's default.
    Off,
    /// Keepalive; what is not set is as the system has it.
    On {
        /// After how much silence the first question goes out.
        idle: Option<Duration>,
        /// The time between two questions.
        interval: Option<Duration>,
        /// After how many questions without an answer the connection is given up.
        count: Option<NonZeroU16>,
    },
}

impl TcpKeepalive {
    /// The longest times that Linux takes, in seconds: it refuses longer ones, and libzmq then the connection.
    const MAX: u64 = 32_767;

    /// Keepalive as the system has it.
    pub const ON: Self = TcpKeepalive::On { idle: None, interval: None, count: None };

    /// Keepalive: the first question goes out after so much silence.
    #[must_use]
    pub const fn after(idle: Duration) -> Self {
        TcpKeepalive::On { idle: Some(idle), interval: None, count: None }
    }

    /// In whole seconds.
    pub(super) fn seconds(time: Duration) -> c_int {
        time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0)).clamp(1, Self::MAX) as c_int
    }

    /// As many as Linux takes.
    pub(super) fn probes(count: NonZeroU16) -> c_int {
        c_int::from(count.get().min(127))
    }
}

/// A SOCKS5 proxy, through which tcp connections go.
///
/// ```
/// use zmq_typestate::{Context, Push, SocksProxy, tcp};
///
/// let proxy = SocksProxy::at(tcp!("127.0.0.1:1080")).login("user", "password")?;
/// let socket = Context::new()?.socket::<Push>()?.socks_proxy(proxy);
/// # drop(socket);
/// # Ok::<(), zmq_typestate::Error>(())
/// ```
///
/// Follows [zmq_setsockopt(3), ZMQ_SOCKS_PROXY](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
#[derive(Clone, PartialEq, Eq)]
pub struct SocksProxy {
    pub(super) at: Parsed,
    pub(super) login: Option<(String, String)>,
}

impl SocksProxy {
    /// The proxy that listens at an endpoint; one that cannot be connected to is told by the socket's `connect`.
    #[must_use]
    pub fn at(endpoint: Endpoint<Tcp>) -> Self {
        Self { at: Parsed { scheme: Scheme::Tcp, text: endpoint.to_string(), context: None }, login: None }
    }

    /// Logs in there.
    ///
    /// # Errors
    /// [`Error::Value`] for a name or password of no or more than 255 bytes.
    pub fn login(self, user: impl Into<String>, password: impl Into<String>) -> Result<Self> {
        let (user, password) = (user.into(), password.into());
        for (option, text) in [("ZMQ_SOCKS_USERNAME", &user), ("ZMQ_SOCKS_PASSWORD", &password)] {
            if !(1..=255).contains(&text.len()) {
                let value = format!("{} bytes", text.len());
                return Err(Error::Value { option, value, fault: "it is 1 to 255 bytes" });
            }
        }
        Ok(Self { login: Some((user, password)), ..self })
    }
}

impl fmt::Debug for SocksProxy {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.login.as_ref().map(|(user, _)| user);
        f.debug_struct("SocksProxy").field("at", &self.at).field("user", &user).finish_non_exhaustive()
    }
}

/// A property that a socket tells its peers in the handshake; of two with the same name, the first one counts. They read it from each message:
/// [`Message::metadata`](crate::Message::metadata).
///
/// ```
/// use zmq_typestate::{Context, Metadata, Push};
///
/// let socket = Context::new()?.socket::<Push>()?.metadata(Metadata::new("X-Role", "feeder")?);
/// # drop(socket);
/// # Ok::<(), zmq_typestate::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata(pub(super) String);

impl Metadata {
    /// A name that begins with `X-` and a value.
    ///
    /// # Errors
    /// [`Error::Value`] for a name of another beginning, of nothing after it, of more than 255 bytes or with a colon; and
    /// for an empty value.
    pub fn new(name: &str, value: &str) -> Result<Self> {
        let fault = match name.strip_prefix("X-") {
            None | Some("") => "its name begins with X-, and goes on",
            _ if name.len() > 255 => "its name is at most 255 bytes",
            _ if name.contains([':', '\0']) => "its name has neither a colon nor a NUL byte",
            _ if value.is_empty() => "its value is not empty",
            _ if value.contains('\0') => "its value has no NUL byte",
            _ => return Ok(Self(format!("{name}:{value}"))),
        };
        Err(Error::Value { option: "ZMQ_METADATA", value: format!("{name:?}: {value:?}"), fault })
    }
}

/// How much is read from a connection, or written to it, at once: up to 16 MiB.
///
/// Each connection has a buffer of that size, and libzmq aborts the process when it cannot have it. What is received is not
/// copied out of it: a message of more than 33 bytes that is kept keeps the buffer that it came in, though only the part
/// that was filled takes up memory ([`zero_copy_recv`](crate::ContextBuilder::zero_copy_recv) off ends that).
#[cfg(feature = "draft")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BatchSize(pub(super) NonZeroU32);

#[cfg(feature = "draft")]
impl BatchSize {
    /// The largest.
    pub const MAX: Self = Self(NonZeroU32::MIN.saturating_add((1 << 24) - 1));

    /// So many bytes: at least one, at most [`BatchSize::MAX`].
    #[must_use]
    pub const fn bytes(bytes: u32) -> Self {
        match NonZeroU32::new(bytes) {
            Some(bytes) if bytes.get() <= Self::MAX.0.get() => Self(bytes),
            Some(_) => Self::MAX,
            None => Self(NonZeroU32::MIN),
        }
    }
}

/// The priority of a socket's packets in the queues of this machine's network interfaces: 0 to 6.
///
/// Higher ones need a privilege of the process, and libzmq aborts one that has it not.
#[cfg(feature = "draft")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Priority(pub(super) u8);

#[cfg(feature = "draft")]
impl Priority {
    /// A priority of 0 to 6.
    ///
    /// # Errors
    /// [`Error::Value`] for more.
    pub fn new(priority: u8) -> Result<Self> {
        match priority {
            0..=6 => Ok(Self(priority)),
            _ => {
                let value = priority.to_string();
                Err(Error::Value { option: "ZMQ_PRIORITY", value, fault: "it is at most 6" })
            }
        }
    }

    /// As [`new`](Self::new), for a value that stands in the program.
    ///
    /// # Panics
    /// For more than 6: in a `const` that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn constant(priority: u8) -> Self {
        match priority {
            0..=6 => Self(priority),
            _ => panic!("a priority is 0 to 6: a higher one needs a privilege, and libzmq aborts without it"),
        }
    }
}

/// Of which subscriptions an XPUB is told, beyond the first to each topic and the end of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbose {
    /// Of every subscription, also to a topic that somebody has subscribed to already.
    Subscriptions,
    /// Of every subscription and of the end of each.
    All,
}
