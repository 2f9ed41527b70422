//! What is behind every socket, whatever its type and mode: the libzmq socket, and what has to be remembered about it.

use std::collections::{HashSet, VecDeque};
use std::ffi::c_int;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::{Duration, Instant};

use crate::attach::Attachment;
use crate::endpoint::Scheme;
use crate::error::{Error, Unsent};
use crate::incoming::Incoming;
use crate::inproc::Names;
use crate::lockstep::Turn;
use crate::message::{Message, Multipart, Topic};
use crate::options::Linger;
use crate::raw::{self, Direction, Errno, Ticket, Value, Wait, WaitError};
use crate::routing::{GivenNames, Name};
use crate::security::Security;
use crate::socket_type::{Kind, Wire};

/// How long messages that were accepted go on being delivered after their socket is closed.
const DEFAULT_LINGER: Linger = Linger::For(Duration::from_secs(30));

pub(crate) struct Core {
    pub(crate) raw: raw::Socket,
    pub(crate) context: Arc<raw::Handle>,
    pub(crate) names: Arc<Names>,
    pub(crate) kind: &'static Kind,
    /// Every option that was set, to set them again on a socket that replaces this one.
    settings: Vec<Setting>,
    linger: Linger,
    pub(crate) attachments: Vec<Attachment>,
    /// The address that was bound first; empty until then.
    pub(crate) home: (Scheme, String),
    /// STREAM: the connections that are open.
    pub(crate) peers: HashSet<Name>,
    /// ROUTER: the names given to peers, if there are any.
    pub(crate) given_names: Option<Box<GivenNames>>,
    /// REQ and REP: whose turn it is.
    pub(crate) turn: Turn,
    /// How often a conflating SUB has subscribed.
    topics: usize,
    /// What was received before its turn: by a SERVER or PEER to see whether a peer has gone, by an XPUB to count
    /// subscribers.
    pub(crate) ahead: VecDeque<Arrival>,
    /// What went wrong in a call that could not say so; the next one that can will.
    fault: Option<Box<Error>>,
    /// Its security role, with what has to be there for as long as the socket is.
    pub(crate) security: Option<Box<Security>>,
    /// What the socket has taken as a sink.
    #[cfg(feature = "futures")]
    pub(crate) outbox: crate::futures::Outbox,
    #[cfg(feature = "draft")]
    pub(crate) draft: crate::draft::State,
}

struct Setting {
    option: c_int,
    name: &'static str,
    value: Value,
}

/// A message on its way out: to whichever peer the socket chooses, or to one.
#[derive(Debug)]
pub(crate) enum Outgoing {
    One(Message),
    Many(Multipart),
    To(Name, Multipart),
    /// What makes a STREAM close a connection.
    Close(Name),
}

/// A message that has come in, whole.
pub(crate) struct Arrival {
    pub(crate) first: Message,
    pub(crate) rest: Multipart,
}

impl Core {
    pub(crate) fn open(context: Arc<raw::Handle>, names: Arc<Names>, kind: &'static Kind) -> Result<Self, Error> {
        let raw = raw::Socket::open(context.clone(), kind.number, kind.thread_safe)
            .map_err(|errno| failure(kind, "zmq_socket", errno))?;
        let mut core = Self {
            raw,
            context,
            names,
            kind,
            settings: Vec::new(),
            linger: DEFAULT_LINGER,
            attachments: Vec::new(),
            home: (Scheme::Inproc, String::new()),
            peers: HashSet::new(),
            given_names: None,
            turn: Turn::Free,
            topics: 0,
            ahead: VecDeque::new(),
            fault: None,
            security: None,
            #[cfg(feature = "futures")]
            outbox: crate::futures::Outbox::default(),
            #[cfg(feature = "draft")]
            draft: crate::draft::State::new(),
        };
        // What these would still deliver are subscriptions to a publisher that may never come.
        let subscribes = matches!(kind.name, "SUB" | "XSUB" | "DISH");
        core.set_linger(if subscribes { Linger::Drop } else { DEFAULT_LINGER });
        if subscribes {
            // What they send are subscriptions: beyond the limit libzmq drops them in silence, at each new connection.
            core.set(zmq_sys::ZMQ_SNDHWM as c_int, "ZMQ_SNDHWM", Value::Int(0));
        }
        if kind.name == "ROUTER" {
            // Without it, a message to a peer that is gone or full vanishes.
            core.set(zmq_sys::ZMQ_ROUTER_MANDATORY as c_int, "ZMQ_ROUTER_MANDATORY", Value::Int(1));
        }
        prepare(kind, &mut core.raw);
        #[cfg(feature = "draft")]
        core.set_up_draft();
        core.take_fault()?;
        Ok(core)
    }

    pub(crate) fn set(&mut self, option: c_int, name: &'static str, value: Value) {
        if let Err(error) = self.try_set(option, name, value) {
            self.fault(error);
        }
    }

    fn try_set(&mut self, option: c_int, name: &'static str, value: Value) -> Result<(), Error> {
        if let Value::Bytes(id) = &value
            && option == zmq_sys::ZMQ_ROUTING_ID as c_int
            && id.first() == Some(&0)
        {
            // One that a ROUTER made up for somebody else, and might make up again.
            return Err(Error::RoutingId { id: id.to_vec() });
        }
        self.raw.set(option, &value).map_err(|errno| self.option_refused(name, &value, errno))?;
        self.settings.push(Setting { option, name, value });
        Ok(())
    }

    /// Sets an option anew, on a socket that may be attached.
    pub(crate) fn set_live(&mut self, option: c_int, name: &'static str, value: Value) -> Result<(), Error> {
        self.settings.retain(|setting| setting.option != option);
        self.try_set(option, name, value)
    }

    /// Notes that this libzmq would ignore an option, where it was compiled without what it needs.
    pub(crate) fn needs(&mut self, option: &'static str, define: &'static str, built: bool) {
        if !built {
            self.fault(Error::OptionNotBuilt { socket: self.kind.name, option, define });
        }
    }

    /// Notes that the system cannot do what an option asks for.
    pub(crate) fn refuse(&mut self, name: &'static str, value: &Value, source: io::Error) {
        self.fault(Error::Option { socket: self.kind.name, option: name, value: value.to_string(), source });
    }

    pub(crate) fn set_linger(&mut self, linger: Linger) {
        if let Err(error) = self.set_linger_now(linger) {
            self.fault(error);
        }
    }

    pub(crate) fn set_linger_now(&mut self, linger: Linger) -> Result<(), Error> {
        self.raw.set_linger(linger.limit()).map_err(|errno| self.failed("zmq_setsockopt", errno))?;
        self.linger = linger;
        Ok(())
    }

    /// Numbers the requests of a REQ. One of the two without the other would do harm.
    pub(crate) fn correlate(&mut self) {
        self.set(zmq_sys::ZMQ_REQ_CORRELATE as c_int, "ZMQ_REQ_CORRELATE", Value::Int(1));
        self.set(zmq_sys::ZMQ_REQ_RELAXED as c_int, "ZMQ_REQ_RELAXED", Value::Int(1));
    }

    /// Sets on a new libzmq socket what this one was given.
    pub(crate) fn set_up(&self, fresh: &mut raw::Socket) -> Result<(), Error> {
        fresh.set_linger(self.linger.limit()).map_err(|errno| self.failed("zmq_setsockopt", errno))?;
        fresh.set_patience(self.raw.patience());
        prepare(self.kind, fresh);
        for Setting { option, name, value } in &self.settings {
            fresh.set(*option, value).map_err(|errno| self.option_refused(name, value, errno))?;
        }
        self.secure_alike(fresh)
    }

    pub(crate) fn has_set(&self, option: u32) -> bool {
        self.last_set([option]).is_some()
    }

    /// Which of these options was set last.
    pub(crate) fn last_set<const N: usize>(&self, options: [u32; N]) -> Option<u32> {
        let mut settings = self.settings.iter().rev();
        settings.find_map(|setting| options.into_iter().find(|option| setting.option == *option as c_int))
    }

    fn option_refused(&self, option: &'static str, value: &Value, errno: Errno) -> Error {
        if errno == Errno::TERMINATED {
            return self.failed("zmq_setsockopt", errno);
        }
        Error::Option { socket: self.kind.name, option, value: value.to_string(), source: errno.into() }
    }

    /// (Un)subscribes a SUB by its option, an XSUB by the message that stands for it.
    pub(crate) fn subscription(&mut self, begin: bool, topic: &Topic) -> Result<(), Error> {
        let (option, name) = match begin {
            true => (zmq_sys::ZMQ_SUBSCRIBE, "ZMQ_SUBSCRIBE"),
            false => (zmq_sys::ZMQ_UNSUBSCRIBE, "ZMQ_UNSUBSCRIBE"),
        };
        let value = Value::Bytes(topic[..].into());
        if begin && self.raw.conflates() {
            if self.topics > 0 {
                let value = format!("\"{}\"", topic.escape_ascii());
                let fault = "a conflating SUB keeps only the last of its subscriptions on the way to the publisher";
                return Err(Error::Value { option: name, value, fault });
            }
            self.topics += 1;
        }
        if topic.len() > Topic::MAX_LEN {
            return Err(self.option_refused(name, &value, Errno::MESSAGE_TOO_LONG));
        }
        if self.kind.name == "XSUB" {
            let frame: Message = [&[u8::from(begin)], &topic[..]].concat().into();
            return self.try_send(Outgoing::One(frame));
        }
        self.raw.set(option as c_int, &value).map_err(|errno| self.option_refused(name, &value, errno))
    }

    pub(crate) fn fault(&mut self, error: Error) {
        self.fault.get_or_insert_with(|| Box::new(error));
    }

    pub(crate) fn take_fault(&mut self) -> Result<(), Error> {
        self.fault.take().map_or(Ok(()), |fault| Err(*fault))
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Sending

    pub(crate) fn poll_send(
        &mut self,
        cx: &mut TaskContext<'_>,
        ticket: &mut Ticket,
        outgoing: &mut Outgoing,
    ) -> Poll<Result<(), Error>> {
        self.check(outgoing)?;
        let kind = self.kind;
        #[cfg(feature = "draft")]
        if kind.answers_by_number() {
            return self.poll_send_by_number(cx, ticket, outgoing).map_err(|error| self.unsent(error, outgoing));
        }
        let sent = self.raw.poll(cx, Direction::Send, ticket, |raw| outgoing.send(raw, kind, Wait::Never));
        if let (Poll::Ready(Ok(())), Outgoing::Close(peer)) = (&sent, &*outgoing) {
            self.peers.remove(peer);
        }
        sent.map_err(|error| self.unsent(error, outgoing))
    }

    pub(crate) fn try_send(&mut self, outgoing: Outgoing) -> Result<(), Error> {
        self.send(outgoing, Wait::Never)
    }

    #[inline]
    pub(crate) fn send(&mut self, mut outgoing: Outgoing, wait: Wait) -> Result<(), Error> {
        self.check(&mut outgoing)?;
        let sent = self.send_now(&mut outgoing, wait);
        self.raw.hand_over();
        if let (Ok(()), Outgoing::Close(peer)) = (&sent, &outgoing) {
            self.peers.remove(peer);
        }
        sent.map_err(|errno| self.not_sent(errno, wait, &mut outgoing))
    }

    #[cold]
    fn not_sent(&self, errno: Errno, wait: Wait, outgoing: &mut Outgoing) -> Error {
        match errno {
            Errno::AGAIN if wait == Wait::Forever => self.timed_out(Direction::Send, outgoing.take().into()),
            errno => self.unsent(WaitError::Errno(errno), outgoing),
        }
    }

    /// What libzmq does not see to, before it is given the message.
    #[inline]
    pub(crate) fn check(&self, outgoing: &mut Outgoing) -> Result<(), Error> {
        self.address(outgoing);
        self.stays_whole(outgoing)?;
        #[cfg(feature = "draft")]
        self.fits(outgoing)?;
        Ok(())
    }

    /// Under the name by which libzmq knows the peer.
    #[inline]
    fn address(&self, outgoing: &mut Outgoing) {
        if let (Some(names), Outgoing::To(peer, _)) = (&self.given_names, outgoing) {
            names.to_wire(peer);
        }
    }

    /// Refuses a message of which a conflating socket would keep a part.
    #[inline]
    pub(crate) fn stays_whole(&self, outgoing: &mut Outgoing) -> Result<(), Error> {
        if let Outgoing::Many(message) = outgoing
            && message.len() > 1
            && self.raw.conflates()
        {
            let frames = message.len();
            return Err(Error::ConflatedMultipart { socket: self.kind.name, frames, unsent: outgoing.take().into() });
        }
        Ok(())
    }

    #[inline]
    fn send_now(&mut self, outgoing: &mut Outgoing, wait: Wait) -> Result<(), Errno> {
        // A STREAM notices a connection's end only when it looks for input, which a blocking zmq_msg_send never does; a
        // DGRAM's may abort; a thread-safe socket would signal more often than it is drained.
        let libzmq_waits = self.kind.wire == Wire::Zmtp && !self.kind.thread_safe;
        match outgoing.send(&mut self.raw, self.kind, if libzmq_waits { wait } else { Wait::Never }) {
            // It has waited for as long as it may.
            Err(Errno::AGAIN) if libzmq_waits => {
                let wait = if self.raw.timeout(Direction::Send).is_some() { Wait::Never } else { wait };
                self.send_again(outgoing, wait)
            }
            Err(Errno::AGAIN) => self.send_again(outgoing, wait),
            sent => sent,
        }
    }

    /// After `EAGAIN`: the command that makes room may lie unread.
    #[cold]
    fn send_again(&mut self, outgoing: &mut Outgoing, wait: Wait) -> Result<(), Errno> {
        let deadline = self.deadline(Direction::Send);
        loop {
            if wait == Wait::Forever {
                // Before the last look: only what comes after it is signalled.
                self.raw.descriptor()?;
            }
            self.raw.drain();
            self.raw.events()?;
            #[cfg(feature = "draft")]
            self.look_ahead()?;
            match outgoing.send(&mut self.raw, self.kind, Wait::Never) {
                Err(Errno::AGAIN) if wait == Wait::Forever => self.raw.wait_for_signal(deadline)?,
                sent => return sent,
            }
        }
    }

    #[cold]
    pub(crate) fn unsent(&self, error: WaitError, outgoing: &mut Outgoing) -> Error {
        let socket = self.kind.name;
        let peer = match outgoing {
            Outgoing::To(peer, _) => {
                let name = self.given_names.as_ref().and_then(|names| names.of(peer));
                Some(name.unwrap_or(peer).to_string())
            }
            #[cfg(feature = "draft")]
            Outgoing::One(message) => message.frame_mut().routing_id().map(|id| id.to_string()),
            _ => None,
        };
        let unsent = Unsent::from(outgoing.take());
        match error {
            WaitError::Errno(Errno::INVALID) => Error::EmptyMultipart { socket },
            WaitError::Errno(Errno::UNREACHABLE) => {
                let peer = peer.unwrap_or_else(|| "any more: it went away half way".into());
                Error::Unroutable { socket, peer, unsent }
            }
            error => wait_failed(socket, "zmq_msg_send", error, unsent),
        }
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Receiving

    #[inline]
    pub(crate) fn poll_recv<R: Incoming>(
        &mut self,
        cx: &mut TaskContext<'_>,
        ticket: &mut Ticket,
    ) -> Poll<Result<R, Error>> {
        if !self.is_plain() {
            return self.poll_recv_any(cx, ticket).map(|arrival| R::from_arrival(self, arrival?));
        }
        let mut rest = Multipart::new();
        let first = self.raw.poll(cx, Direction::Recv, ticket, |raw| Arrival::recv_first(raw, Wait::Never, &mut rest));
        Poll::Ready(match ready!(first) {
            Ok(first) => R::from_arrival(self, Arrival { first, rest }),
            Err(error) => Err(self.unreceived(error)),
        })
    }

    #[inline]
    pub(crate) fn recv<R: Incoming>(&mut self, wait: Wait) -> Result<R, Error> {
        if !self.is_plain() || wait == Wait::Forever && self.kind.thread_safe {
            let arrival = self.recv_any(wait)?;
            return R::from_arrival(self, arrival);
        }
        let mut rest = Multipart::new();
        let first = Arrival::recv_first(&mut self.raw, wait, &mut rest);
        self.raw.hand_over();
        match first {
            Ok(first) => R::from_arrival(self, Arrival { first, rest }),
            Err(errno) => Err(self.not_received(errno, wait)),
        }
    }

    /// Whether a receive takes the next message from libzmq, and gives it as it is: the way of most messages, which is kept
    /// short.
    #[inline]
    fn is_plain(&self) -> bool {
        self.ahead.is_empty() && self.fault.is_none() && self.given_names.is_none()
    }

    pub(crate) fn poll_recv_any(
        &mut self,
        cx: &mut TaskContext<'_>,
        ticket: &mut Ticket,
    ) -> Poll<Result<Arrival, Error>> {
        self.take_fault()?;
        loop {
            let arrival = match self.ahead.pop_front() {
                Some(arrival) => arrival,
                None => ready!(self.poll_arrival(cx, ticket))?,
            };
            let Some(names) = &self.given_names else { return Poll::Ready(Ok(arrival)) };
            if let Some(arrival) = names.received(arrival) {
                return Poll::Ready(Ok(arrival));
            }
        }
    }

    /// Past what was received before its turn.
    pub(crate) fn poll_arrival(
        &mut self,
        cx: &mut TaskContext<'_>,
        ticket: &mut Ticket,
    ) -> Poll<Result<Arrival, Error>> {
        self.raw
            .poll(cx, Direction::Recv, ticket, |raw| Arrival::recv(raw, Wait::Never))
            .map_err(|error| self.unreceived(error))
    }

    pub(crate) fn recv_any(&mut self, wait: Wait) -> Result<Arrival, Error> {
        self.take_fault()?;
        loop {
            let arrival = match self.ahead.pop_front() {
                Some(arrival) => arrival,
                None => self.recv_arrival(wait)?,
            };
            let Some(names) = &self.given_names else { return Ok(arrival) };
            if let Some(arrival) = names.received(arrival) {
                return Ok(arrival);
            }
        }
    }

    fn recv_arrival(&mut self, wait: Wait) -> Result<Arrival, Error> {
        let arrival = match wait {
            // libzmq's own waiting would signal more often than it is drained.
            Wait::Forever if self.kind.thread_safe => self.recv_when_signalled(),
            wait => Arrival::recv(&mut self.raw, wait),
        };
        self.raw.hand_over();
        arrival.map_err(|errno| self.not_received(errno, wait))
    }

    fn recv_when_signalled(&mut self) -> Result<Arrival, Errno> {
        let deadline = self.deadline(Direction::Recv);
        loop {
            // Before the last look: only what comes after it is signalled.
            self.raw.descriptor()?;
            self.raw.drain();
            match Arrival::recv(&mut self.raw, Wait::Never) {
                Err(Errno::AGAIN) => self.raw.wait_for_signal(deadline)?,
                arrival => return arrival,
            }
        }
    }

    #[cold]
    fn not_received(&self, errno: Errno, wait: Wait) -> Error {
        match errno {
            Errno::AGAIN if wait == Wait::Forever => self.timed_out(Direction::Recv, Unsent::NOTHING),
            errno => self.unreceived(WaitError::Errno(errno)),
        }
    }

    #[cold]
    fn unreceived(&self, error: WaitError) -> Error {
        wait_failed(self.kind.name, "zmq_msg_recv", error, Unsent::NOTHING)
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Failures

    /// Until when a call that blocks the thread may wait.
    pub(crate) fn deadline(&self, direction: Direction) -> Option<Instant> {
        self.raw.timeout(direction).and_then(|timeout| Instant::now().checked_add(timeout))
    }

    #[cold]
    pub(crate) fn timed_out(&self, direction: Direction, unsent: Unsent) -> Error {
        let after = self.raw.timeout(direction).unwrap_or_default();
        Error::TimedOut { socket: self.kind.name, after, unsent }
    }

    pub(crate) fn failed(&self, call: &'static str, errno: Errno) -> Error {
        failure(self.kind, call, errno)
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        // A client that is still owed a reply would wait for ever.
        self.settle();
        // At once, where closing would do it later, on another thread: the name may be bound again right away.
        self.release_names();
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoints = self.attachments.iter().map(|attachment| attachment.endpoint());
        f.debug_struct(self.kind.name).field("endpoints", &endpoints.collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

pub(crate) fn wait_failed(socket: &'static str, call: &'static str, error: WaitError, unsent: Unsent) -> Error {
    match error {
        WaitError::Errno(Errno::AGAIN) => Error::WouldBlock { socket, unsent },
        WaitError::Errno(Errno::TERMINATED) => Error::ContextTerminated { socket, unsent },
        WaitError::Errno(Errno::SEVERAL_FRAMES) => Error::ConflatedPeer { socket },
        WaitError::Errno(errno) => Error::System { socket, call, source: errno.into(), unsent },
        WaitError::NoRuntime => Error::NoRuntime { socket, unsent },
        WaitError::NoIoDriver => Error::NoDriver { socket, driver: "I/O", enable: "enable_io", unsent },
        WaitError::Register(source) => Error::System { socket, call: "epoll_ctl", source, unsent },
    }
}

/// What every socket is better with; a libzmq that does not know these options goes without.
fn prepare(kind: &Kind, raw: &mut raw::Socket) {
    const IN_BATCH_SIZE: c_int = 101;
    const ONLY_FIRST_SUBSCRIBE: c_int = 108;
    if matches!(kind.name, "XPUB" | "XSUB") {
        // Or a later frame of a message that goes upstream is taken for a subscription, if its first byte is 0 or 1.
        let _ = raw.set(ONLY_FIRST_SUBSCRIBE, &Value::Int(1));
    }
    // How much is read from a connection at once: 8 KiB with libzmq, which is a system call for every few messages. What is
    // written at once stays as it is: of a larger batch a part may be lost when a socket closes (`tests/faults.rs`).
    let _ = raw.set(IN_BATCH_SIZE, &Value::Int(64 << 10));
}

fn failure(kind: &Kind, call: &'static str, errno: Errno) -> Error {
    match errno {
        Errno::TERMINATED => Error::ContextTerminated { socket: kind.name, unsent: Unsent::NOTHING },
        errno => Error::System { socket: kind.name, call, source: errno.into(), unsent: Unsent::NOTHING },
    }
}

impl Outgoing {
    /// The end of a message that broke half way: an empty frame.
    pub(crate) fn rest() -> Self {
        Outgoing::One(Message::new())
    }

    /// The message, leaving none.
    pub(crate) fn take(&mut self) -> Multipart {
        match std::mem::replace(self, Outgoing::Many(Multipart::new())) {
            Outgoing::One(message) => message.into(),
            Outgoing::Many(message) | Outgoing::To(_, message) => message,
            Outgoing::Close(_) => Multipart::new(),
        }
    }

    /// Sends the message whole, or not at all; on failure it is still here.
    #[inline]
    pub(crate) fn send(&mut self, raw: &mut raw::Socket, kind: &Kind, wait: Wait) -> Result<(), Errno> {
        match self {
            Outgoing::One(message) => raw.send_frame(message.frame_mut(), false, wait),
            Outgoing::Many(frames) => send_frames(raw, kind, None, frames, wait),
            #[cfg(feature = "draft")]
            Outgoing::To(address, frames) if kind.name == "DGRAM" => crate::dgram::send(raw, address, frames),
            Outgoing::To(peer, frames) => send_frames(raw, kind, Some(peer), frames, wait),
            // The first one begins the closing, which goes on only while the socket processes commands. Until it is done
            // the peer takes nothing (EAGAIN), then it is unknown.
            Outgoing::Close(peer) => match send_frames(raw, kind, Some(peer), &mut Message::new().into(), wait) {
                Ok(()) => Err(Errno::AGAIN),
                Err(Errno::UNREACHABLE) => Ok(()),
                Err(errno) => Err(errno),
            },
        }
    }
}

/// All frames but the last are sent as copies (which share the bytes): a peer that dies between two frames takes the
/// first ones with it, and the message must still be there to go to another.
fn send_frames(
    raw: &mut raw::Socket,
    kind: &Kind,
    peer: Option<&Name>,
    frames: &mut Multipart,
    wait: Wait,
) -> Result<(), Errno> {
    if frames.is_empty() {
        return Err(Errno::INVALID);
    }
    loop {
        if let Some(peer) = peer {
            raw.send_frame(Message::from(&peer[..]).frame_mut(), true, wait)?;
        }
        match send_frames_once(raw, peer.is_none(), frames, wait) {
            Ok(()) => return Ok(()),
            Err(Broken { at_first: true, errno, .. }) => return Err(errno),
            Err(Broken { errno, rest, .. }) if errno == Errno::AGAIN => match kind.name {
                // The half-built request cannot be taken back, so it cannot be begun again.
                "REQ" => return Err(Errno::UNREACHABLE),
                // Drops what is sent until a frame without MORE: one empty frame gets it back to a beginning.
                "PUSH" | "DEALER" if rest => raw.send_frame(Message::new().frame_mut(), false, Wait::Never)?,
                _ => {}
            },
            Err(Broken { errno, .. }) => return Err(errno),
        }
    }
}

/// Where a multi-frame send stopped.
struct Broken {
    errno: Errno,
    /// Nothing of the message has been sent.
    at_first: bool,
    /// Frames were still to follow.
    rest: bool,
}

fn send_frames_once(raw: &mut raw::Socket, from_first: bool, frames: &mut Multipart, wait: Wait) -> Result<(), Broken> {
    let last = frames.len() - 1;
    for (at, frame) in frames.iter_mut().enumerate() {
        let at_first = from_first && at == 0;
        let wait = if at_first { wait } else { Wait::Never };
        let sent = if at < last {
            raw.send_frame(&mut frame.frame_mut().share(), true, wait)
        } else {
            raw.send_frame(frame.frame_mut(), false, wait)
        };
        sent.map_err(|errno| Broken { errno, at_first, rest: at < last })?;
    }
    Ok(())
}

impl Arrival {
    /// Takes one whole message: libzmq hands out no frame before all of its message are there.
    pub(crate) fn recv(raw: &mut raw::Socket, wait: Wait) -> Result<Self, Errno> {
        let mut rest = Multipart::new();
        Self::recv_first(raw, wait, &mut rest).map(|first| Self { first, rest })
    }

    /// The same, with the frames that follow the first one put there, so that they move no more.
    #[inline]
    pub(crate) fn recv_first(raw: &mut raw::Socket, wait: Wait, rest: &mut Multipart) -> Result<Message, Errno> {
        let mut first = Message::new();
        let mut more = raw.recv_frame(first.frame_mut(), wait)?;
        while more {
            let mut frame = Message::new();
            more = raw.recv_frame(frame.frame_mut(), Wait::Never)?;
            rest.push(frame);
        }
        Ok(first)
    }

    /// The frame, if there is only one; else all.
    #[inline]
    pub(crate) fn into_single(self) -> Result<Message, Multipart> {
        if self.rest.is_empty() { Ok(self.first) } else { Err(self.into_multipart()) }
    }

    pub(crate) fn into_multipart(self) -> Multipart {
        let Self { first, mut rest } = self;
        rest.push_front(first);
        rest
    }
}

impl From<Message> for Arrival {
    fn from(first: Message) -> Self {
        Self { first, rest: Multipart::new() }
    }
}
