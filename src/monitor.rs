//! [`Monitor`]: what happens to a socket's connections.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::core::{Arrival, wait_failed};
use crate::error::{Error, Result, Unsent};
use crate::message::Multipart;
use crate::raw::{Direction, Errno, Events, Ticket, Wait, WaitError};
use crate::socket::Socket;
use crate::socket_type::{HasConnections, Kind, SocketType, Wire};

/// Tells what happens to the connections of a socket; made by [`Socket::monitor`].
///
/// It goes where it is wanted: another task, another thread. Events wait in it until they are received, without limit: who
/// no longer wants them drops it, which the socket notices when it is used next. They never hold up the socket, nor its
/// context. As a socket does, a monitor keeps [`Context::terminate`](crate::Context::terminate) waiting: until it is dropped, or
/// has told the end.
///
/// Only tcp, ipc and ws have connections to tell of: inproc and udp do not.
///
/// Follows [zmq_socket_monitor(3)](https://libzmq.readthedocs.io/en/latest/zmq_socket_monitor.html).
///
/// ```
/// use zmq_typestate::{Context, MonitorEventKind, Pull, Push};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> zmq_typestate::Result<()> {
/// let context = Context::new()?;
/// let mut jobs = context.socket::<Pull>()?;
/// let mut monitor = jobs.monitor()?;
/// let jobs = jobs.bind("tcp://127.0.0.1:*")?;
/// let feed = context.socket::<Push>()?.connect(jobs.address())?;
///
/// while let Some(event) = monitor.recv().await? {
///     println!("{event}"); // tcp://127.0.0.1:34567: listening
///     if let MonitorEventKind::HandshakeSucceeded = event.kind {
///         break;
///     }
/// }
/// # drop(feed);
/// # Ok(())
/// # }
/// ```
#[must_use = "nobody is told of the events once it is dropped"]
pub struct Monitor {
    /// None once the last one has come.
    events: Option<Events>,
    kind: &'static Kind,
    /// Those that were looked at by `wait_connected`, and not handed out yet.
    ahead: VecDeque<MonitorEvent>,
    /// How many peers have been connected.
    connected: usize,
    /// Endpoints whose connection stands, while the handshake does not.
    shaking_hands: HashSet<String>,
    /// Endpoints of ws that have told of one of two handshakes.
    half_way: HashSet<String>,
    /// The last one of `shaking_hands` whose connection ended in between.
    hung_up: Option<String>,
}

/// One event of a [`Monitor`].
#[derive(Debug)]
#[non_exhaustive]
pub struct MonitorEvent {
    /// The endpoint concerned: the one that was bound or connected to.
    pub endpoint: String,
    /// What happened.
    pub kind: MonitorEventKind,
}

/// What happened to a connection, or to an endpoint.
#[derive(Debug)]
#[non_exhaustive]
pub enum MonitorEventKind {
    /// A connection to a peer stands; the handshake follows.
    Connected,
    /// A connection is being made, and takes its time.
    ConnectDelayed,
    /// A connection could not be made: the next try is after so long.
    ConnectRetried(Duration),
    /// The socket waits for peers at the endpoint.
    Listening,
    /// The endpoint could not be bound.
    BindFailed(io::Error),
    /// A peer has connected; the handshake follows.
    Accepted,
    /// A peer could not be accepted.
    AcceptFailed(io::Error),
    /// The endpoint is bound no longer; or a connection is given up, to be tried again later.
    Closed,
    /// The endpoint could not be given up.
    CloseFailed(io::Error),
    /// A connection has ended. Between `Connected` or `Accepted` and this, without a handshake in between, a peer that has no
    /// use for this socket has hung up: most often it is of a type that cannot talk to it.
    Disconnected,
    /// The peer speaks ZeroMQ, and is of a type that can talk to this socket: messages can travel. Over ws it is told twice,
    /// for the handshake of WebSocket and for that of ZeroMQ.
    HandshakeSucceeded,
    /// The handshake failed.
    HandshakeFailed(HandshakeFailure),
    /// Something that this crate does not know, by its number and value.
    Other {
        /// libzmq's number of the event.
        number: u16,
        /// The value that goes with it.
        value: u32,
    },
}

/// Why a handshake failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum HandshakeFailure {
    /// The system's reason.
    System(io::Error),
    /// The peer does not keep to the protocol: libzmq's `ZMQ_PROTOCOL_ERROR_..` number.
    Protocol(u32),
    /// The peer was refused by its credentials: the status code that the ZAP handler gave.
    Refused(u32),
}

impl MonitorEvent {
    fn parse(frames: &Multipart) -> Option<Self> {
        let [head, endpoint] = &frames[..] else { return None };
        let (number, value) = head.split_first_chunk::<2>()?;
        let number = u16::from_ne_bytes(*number);
        let value = u32::from_ne_bytes(*value.first_chunk::<4>()?);
        let error = || Errno::from_raw(value.cast_signed()).into();
        let kind = match number {
            0x0001 => MonitorEventKind::Connected,
            0x0002 => MonitorEventKind::ConnectDelayed,
            0x0004 => MonitorEventKind::ConnectRetried(Duration::from_millis(value.into())),
            0x0008 => MonitorEventKind::Listening,
            0x0010 => MonitorEventKind::BindFailed(error()),
            0x0020 => MonitorEventKind::Accepted,
            0x0040 => MonitorEventKind::AcceptFailed(error()),
            0x0080 => MonitorEventKind::Closed,
            0x0100 => MonitorEventKind::CloseFailed(error()),
            0x0200 => MonitorEventKind::Disconnected,
            0x0800 => MonitorEventKind::HandshakeFailed(HandshakeFailure::System(error())),
            0x1000 => MonitorEventKind::HandshakeSucceeded,
            0x2000 => MonitorEventKind::HandshakeFailed(HandshakeFailure::Protocol(value)),
            0x4000 => MonitorEventKind::HandshakeFailed(HandshakeFailure::Refused(value)),
            _ => MonitorEventKind::Other { number, value },
        };
        Some(Self { endpoint: String::from_utf8_lossy(endpoint).into_owned(), kind })
    }

    fn is_the_last(&self) -> bool {
        matches!(self.kind, MonitorEventKind::Other { number: 0x0400, .. })
    }
}

impl fmt::Display for MonitorEvent {
    /// As `tcp://127.0.0.1:5555: disconnected`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.endpoint, self.kind)
    }
}

impl fmt::Display for MonitorEventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MonitorEventKind::Connected => f.write_str("connected"),
            MonitorEventKind::ConnectDelayed => f.write_str("the connection takes its time"),
            MonitorEventKind::ConnectRetried(after) => write!(f, "not connected, next try after {after:?}"),
            MonitorEventKind::Listening => f.write_str("listening"),
            MonitorEventKind::BindFailed(error) => write!(f, "not bound: {error}"),
            MonitorEventKind::Accepted => f.write_str("accepted"),
            MonitorEventKind::AcceptFailed(error) => write!(f, "not accepted: {error}"),
            MonitorEventKind::Closed => f.write_str("closed"),
            MonitorEventKind::CloseFailed(error) => write!(f, "not closed: {error}"),
            MonitorEventKind::Disconnected => f.write_str("disconnected"),
            MonitorEventKind::HandshakeSucceeded => f.write_str("handshake succeeded"),
            MonitorEventKind::HandshakeFailed(why) => write!(f, "handshake failed: {why}"),
            MonitorEventKind::Other { number, value } => write!(f, "event {number:#06x} with value {value}"),
        }
    }
}

impl fmt::Display for HandshakeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HandshakeFailure::System(error) => error.fmt(f),
            HandshakeFailure::Protocol(number) => f.write_str(match number {
                0x1000_0001 => "the peer sent an unexpected command",
                0x1000_0002 => "the peer's nonces are out of order",
                0x1000_0003 => "the exchange of keys failed",
                0x1000_0011..=0x1000_0017 => "the peer sent a malformed command",
                0x1000_0018 => "the peer's properties are malformed, or its socket type does not fit",
                0x1100_0001 => "the peer's encryption is wrong, or its key",
                0x1100_0002 => "the peer has another security mechanism",
                0x2000_0000..=0x2000_0005 => "the ZAP handler's reply is malformed",
                0x3000_0000 => "the peer does not speak WebSocket",
                _ => "the peer does not keep to the protocol",
            }),
            HandshakeFailure::Refused(status) => write!(f, "the peer was refused with status {status}"),
        }
    }
}

/// # Monitoring its connections
impl<T: SocketType, M> Socket<T, M> {
    /// Tells what happens to the socket's connections from now on. In every mode: on a socket that is not attached yet,
    /// nothing is missed.
    ///
    /// The monitor ends with the socket, and counts as a socket of the context.
    ///
    /// # Errors
    /// [`Error::AlreadyMonitored`] while another monitor of this socket is there; [`Error::System`] when there are too many
    /// sockets.
    ///
    /// Follows [zmq_socket_monitor(3)](https://libzmq.readthedocs.io/en/latest/zmq_socket_monitor.html).
    #[doc(alias = "zmq_socket_monitor")]
    pub fn monitor(&mut self) -> Result<Monitor>
    where
        T: HasConnections,
    {
        let core = self.core_mut();
        let kind = core.kind;
        let events = core.raw.monitor().map_err(|errno| core.failed("zmq_socket_monitor", errno))?;
        let events = events.ok_or(Error::AlreadyMonitored { socket: kind.name })?;
        Ok(Monitor {
            events: Some(events),
            kind,
            ahead: VecDeque::new(),
            connected: 0,
            shaking_hands: HashSet::new(),
            half_way: HashSet::new(),
            hung_up: None,
        })
    }
}

impl Monitor {
    /// The next event; none once the socket has been closed.
    ///
    /// # Errors
    /// [`Error::ContextTerminated`] after the end of the context.
    ///
    /// # Cancel safety
    /// Dropping the future loses no event.
    pub fn recv(&mut self) -> NextEvent<'_> {
        NextEvent(self)
    }

    /// As [`recv`](Self::recv), without waiting: [`Error::WouldBlock`] where there is no event. Works anywhere.
    pub fn try_recv(&mut self) -> Result<Option<MonitorEvent>> {
        self.recv_now(Wait::Never)
    }

    /// As [`recv`](Self::recv), blocking the thread while it waits. Works anywhere; in async code use `recv`.
    pub fn blocking_recv(&mut self) -> Result<Option<MonitorEvent>> {
        self.recv_now(Wait::Forever)
    }

    /// Waits until so many peers have been connected since the monitor was made: their handshake has succeeded. A peer that
    /// was lost and came back counts twice. The events are still received afterwards.
    ///
    /// # Errors
    /// [`Error::PeerHungUp`] when a peer that this socket connected to ends the connection without a handshake, as one of the
    /// wrong type does; waiting on is up to the caller. [`Error::Closed`] after the end of the socket,
    /// [`Error::ContextTerminated`] after that of the context.
    ///
    /// # Cancel safety
    /// Dropping the future loses no event.
    ///
    /// ```
    /// use zmq_typestate::{Context, Pull, Push};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut feed = context.socket::<Push>()?;
    /// let mut monitor = feed.monitor()?;
    /// let feed = feed.bind("tcp://127.0.0.1:*")?;
    /// let workers = [(); 3].map(|()| context.socket::<Pull>().and_then(|worker| worker.connect(feed.address())));
    ///
    /// // From here on each worker gets its share.
    /// monitor.wait_connected(3).await?;
    /// # drop(workers);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_connected(&mut self, peers: usize) -> AwaitingPeers<'_> {
        self.hung_up = None;
        AwaitingPeers { monitor: self, peers }
    }

    fn recv_now(&mut self, wait: Wait) -> Result<Option<MonitorEvent>> {
        if let Some(event) = self.ahead.pop_front() {
            return Ok(Some(event));
        }
        let Some(events) = &self.events else { return Ok(None) };
        let arrival = Arrival::recv(&mut events.lock(), wait);
        self.take(arrival.map_err(WaitError::Errno))
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<MonitorEvent>>> {
        let Some(events) = &self.events else { return Poll::Ready(Ok(None)) };
        let arrival =
            events.lock().poll(cx, Direction::Recv, &mut Ticket::default(), |raw| Arrival::recv(raw, Wait::Never));
        arrival.map(|arrival| self.take(arrival))
    }

    fn take(&mut self, arrival: Result<Arrival, WaitError>) -> Result<Option<MonitorEvent>> {
        let socket = self.kind.name;
        let arrival = arrival.map_err(|error| wait_failed(socket, "zmq_msg_recv", error, Unsent::NOTHING))?;
        let frames = arrival.into_multipart();
        match MonitorEvent::parse(&frames) {
            Some(event) if event.is_the_last() => {
                self.events = None;
                Ok(None)
            }
            Some(event) => {
                #[cfg(feature = "tracing")]
                tracing::debug!(socket, endpoint = event.endpoint, "{}", event.kind);
                self.note(&event);
                Ok(Some(event))
            }
            // libzmq sends no other.
            None => Err(Error::UnexpectedMultipart { socket, message: Box::new(frames) }),
        }
    }

    /// Counts the peers, and notices one that has ended the connection without a handshake.
    fn note(&mut self, event: &MonitorEvent) {
        match event.kind {
            // A STREAM has no handshake.
            MonitorEventKind::Connected | MonitorEventKind::Accepted if self.kind.wire == Wire::Tcp => {
                self.connected += 1;
            }
            MonitorEventKind::Connected => {
                self.shaking_hands.insert(event.endpoint.clone());
            }
            // Over ws there are two: first WebSocket's, then ZeroMQ's.
            MonitorEventKind::HandshakeSucceeded
                if event.endpoint.starts_with("ws://") && self.half_way.insert(event.endpoint.clone()) => {}
            MonitorEventKind::HandshakeSucceeded => {
                self.half_way.remove(&event.endpoint);
                self.shaking_hands.remove(&event.endpoint);
                self.connected += 1;
            }
            MonitorEventKind::Disconnected if self.shaking_hands.remove(&event.endpoint) => {
                self.half_way.remove(&event.endpoint);
                self.hung_up = Some(event.endpoint.clone());
            }
            _ => {}
        }
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Monitor").field(&self.kind.name).finish()
    }
}

/// Waits for an event; made by [`Monitor::recv`].
///
/// # Cancel safety
/// Dropping it loses no event.
#[must_use = "nothing is received until the future is awaited"]
pub struct NextEvent<'a>(&'a mut Monitor);

impl Future for NextEvent<'_> {
    type Output = Result<Option<MonitorEvent>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let monitor = &mut *self.get_mut().0;
        if let Some(event) = monitor.ahead.pop_front() {
            return Poll::Ready(Ok(Some(event)));
        }
        monitor.poll_next(cx)
    }
}

/// Waits until so many peers have been connected; made by [`Monitor::wait_connected`].
///
/// # Cancel safety
/// Dropping it loses no event.
#[must_use = "nothing is waited for until the future is awaited"]
pub struct AwaitingPeers<'a> {
    monitor: &'a mut Monitor,
    peers: usize,
}

impl Future for AwaitingPeers<'_> {
    type Output = Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { monitor, peers } = self.get_mut();
        let socket = monitor.kind.name;
        while monitor.connected < *peers {
            let Some(event) = ready!(monitor.poll_next(cx))? else {
                return Poll::Ready(Err(Error::Closed { socket }));
            };
            monitor.ahead.push_back(event);
            if let Some(endpoint) = monitor.hung_up.take() {
                return Poll::Ready(Err(Error::PeerHungUp { socket, endpoint }));
            }
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_known_is_kept_and_what_is_no_event_is_none() {
        let parse = |head: &[u8]| MonitorEvent::parse(&[head, b"tcp://127.0.0.1:5555"].into());
        let event = parse(&[0, 0x80, 1, 0, 0, 0]).unwrap();
        let number = u16::from_ne_bytes([0, 0x80]);
        let value = u32::from_ne_bytes([1, 0, 0, 0]);
        assert!(matches!(event.kind, MonitorEventKind::Other { number: n, value: v } if (n, v) == (number, value)));
        assert_eq!(event.to_string(), format!("tcp://127.0.0.1:5555: event {number:#06x} with value {value}"));
        for head in [&[][..], &[1], &[1, 0], &[1, 0, 0, 0, 0]] {
            assert!(parse(head).is_none());
        }
        assert!(MonitorEvent::parse(&["x"].into()).is_none());
        assert!(MonitorEvent::parse(&Multipart::new()).is_none());
        // Every number and value is shown without a panic, also where it is no error number.
        for number in 0..=u16::MAX {
            for value in [0, 1, u32::MAX, 0x1000_0018, 0x2000_0001, 0x3000_0000] {
                let head = [&number.to_ne_bytes()[..], &u32::to_ne_bytes(value)].concat();
                assert!(!parse(&head).unwrap().to_string().is_empty());
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_an_event_or_not(
            number in prop_oneof![(0u32..16).prop_map(|bit| 1u16 << bit), any::<u16>()],
            rest in vec(any::<u8>(), 0..8),
            endpoint in vec(any::<u8>(), 0..40),
            frames in prop_oneof![8 => Just(2usize), 1 => 0usize..4],
        ) {
            let head = [&number.to_ne_bytes()[..], &rest].concat();
            let message: Multipart = [head, endpoint.clone(), vec![], vec![]].into_iter().take(frames).collect();
            let event = MonitorEvent::parse(&message);
            prop_assert_eq!(event.is_some(), frames == 2 && rest.len() >= 4);
            if let Some(event) = event {
                prop_assert_eq!(&event.endpoint, &String::from_utf8_lossy(&endpoint));
                prop_assert!(event.to_string().len() > event.endpoint.len());
                if let MonitorEventKind::Other { number: other, .. } = event.kind {
                    prop_assert_eq!(other, number);
                }
            }
        }
    }
}
