//! What is behind every socket, whatever its type and mode: the libzmq socket, and what has to be remembered about it.

use std::collections::HashSet;
use std::ffi::c_int;
use std::fmt;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::attach::Attachment;
use crate::endpoint::Scheme;
use crate::error::{Error, Unsent};
use crate::inproc::Names;
use crate::lockstep::Turn;
use crate::message::{Message, Multipart, Topic};
use crate::raw::{self, Direction, Errno, Ticket, Value, Wait, WaitError};
use crate::routing::Name;
use crate::socket_type::{Kind, Wire};

/// How long messages that were accepted go on being delivered after their socket is closed.
pub(crate) const DEFAULT_LINGER: Duration = Duration::from_secs(30);

pub(crate) struct Core {
    pub(crate) raw: raw::Socket,
    pub(crate) context: Arc<raw::Handle>,
    pub(crate) names: Arc<Names>,
    pub(crate) kind: &'static Kind,
    /// Every option that was set, to set them again on a socket that replaces this one.
    settings: Vec<Setting>,
    pub(crate) linger: Duration,
    pub(crate) attachments: Vec<Attachment>,
    /// The address that was bound first; empty until then.
    pub(crate) home: (Scheme, String),
    /// STREAM: the connections that are open. ROUTER: the names given to peers.
    pub(crate) peers: HashSet<Name>,
    /// REQ and REP: whose turn it is.
    pub(crate) turn: Turn,
    /// What went wrong in a call that could not say so; the next one that can will.
    fault: Option<Box<Error>>,
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
pub(crate) enum Arrival {
    One(Message),
    Many(Multipart),
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
            turn: Turn::Free,
            fault: None,
            #[cfg(feature = "draft")]
            draft: crate::draft::State::new(),
        };
        // What these would still deliver are subscriptions to a publisher that may never come.
        let linger = if matches!(kind.name, "SUB" | "XSUB" | "DISH") { Duration::ZERO } else { DEFAULT_LINGER };
        core.set_linger(linger);
        if kind.name == "ROUTER" {
            // Without it, a message to a peer that is gone or full vanishes.
            core.set(zmq_sys::ZMQ_ROUTER_MANDATORY as c_int, "ZMQ_ROUTER_MANDATORY", Value::Int(1));
        }
        core.take_fault()?;
        Ok(core)
    }

    pub(crate) fn set(&mut self, option: c_int, name: &'static str, value: Value) {
        match self.raw.set(option, &value) {
            Ok(()) => self.settings.push(Setting { option, name, value }),
            Err(errno) => self.fault(self.option_refused(name, &value, errno)),
        }
    }

    pub(crate) fn set_linger(&mut self, linger: Duration) {
        match self.raw.set_linger(linger) {
            Ok(()) => self.linger = linger,
            Err(errno) => self.fault(self.failed("zmq_setsockopt", errno)),
        }
    }

    /// Sets on a new libzmq socket what this one was given.
    pub(crate) fn set_up(&self, fresh: &mut raw::Socket) -> Result<(), Error> {
        fresh.set_linger(self.linger).map_err(|errno| self.failed("zmq_setsockopt", errno))?;
        for Setting { option, name, value } in &self.settings {
            fresh.set(*option, value).map_err(|errno| self.option_refused(name, value, errno))?;
        }
        Ok(())
    }

    pub(crate) fn has_set(&self, option: u32) -> bool {
        self.settings.iter().any(|setting| setting.option == option as c_int)
    }

    fn option_refused(&self, option: &'static str, value: &Value, errno: Errno) -> Error {
        if errno == Errno::TERMINATED {
            return self.failed("zmq_setsockopt", errno);
        }
        let value = match value {
            Value::Int(int) => int.to_string(),
            Value::Bytes(bytes) if bytes.len() <= 64 => format!("\"{}\"", bytes.escape_ascii()),
            Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        };
        Error::Option { socket: self.kind.name, option, value, source: errno.into() }
    }

    /// (Un)subscribes a SUB by its option, an XSUB by the message that stands for it.
    pub(crate) fn subscription(&mut self, begin: bool, topic: &Topic) -> Result<(), Error> {
        let (option, name) = match begin {
            true => (zmq_sys::ZMQ_SUBSCRIBE, "ZMQ_SUBSCRIBE"),
            false => (zmq_sys::ZMQ_UNSUBSCRIBE, "ZMQ_UNSUBSCRIBE"),
        };
        let value = Value::Bytes(topic[..].into());
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
        #[cfg(feature = "draft")]
        self.fits(outgoing)?;
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

    pub(crate) fn send(&mut self, mut outgoing: Outgoing, wait: Wait) -> Result<(), Error> {
        #[cfg(feature = "draft")]
        self.fits(&mut outgoing)?;
        let sent = self.send_now(&mut outgoing, wait);
        self.raw.hand_over();
        if let (Ok(()), Outgoing::Close(peer)) = (&sent, &outgoing) {
            self.peers.remove(peer);
        }
        sent.map_err(|errno| self.unsent(WaitError::Errno(errno), &mut outgoing))
    }

    #[inline]
    fn send_now(&mut self, outgoing: &mut Outgoing, wait: Wait) -> Result<(), Errno> {
        // A STREAM notices a connection's end only when it looks for input, which a blocking zmq_msg_send never does; a
        // DGRAM's may abort; a thread-safe socket would signal more often than it is drained.
        let libzmq_waits = self.kind.wire == Wire::Zmtp && !self.kind.thread_safe;
        match outgoing.send(&mut self.raw, self.kind, if libzmq_waits { wait } else { Wait::Never }) {
            Err(Errno::AGAIN) => self.send_again(outgoing, wait),
            sent => sent,
        }
    }

    /// After `EAGAIN`: the command that makes room may lie unread.
    #[cold]
    fn send_again(&mut self, outgoing: &mut Outgoing, wait: Wait) -> Result<(), Errno> {
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
                Err(Errno::AGAIN) if wait == Wait::Forever => self.raw.wait_for_signal()?,
                sent => return sent,
            }
        }
    }

    #[cold]
    fn unsent(&self, error: WaitError, outgoing: &mut Outgoing) -> Error {
        let socket = self.kind.name;
        let peer = match outgoing {
            Outgoing::To(peer, _) => Some(peer.to_string()),
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
            error => self.wait_failed("zmq_msg_send", error, unsent),
        }
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Receiving

    pub(crate) fn poll_recv(&mut self, cx: &mut TaskContext<'_>, ticket: &mut Ticket) -> Poll<Result<Arrival, Error>> {
        self.take_fault()?;
        #[cfg(feature = "draft")]
        if let Some(message) = self.draft.ahead.pop_front() {
            return Poll::Ready(Ok(Arrival::One(message)));
        }
        self.raw
            .poll(cx, Direction::Recv, ticket, |raw| Arrival::recv(raw, Wait::Never))
            .map_err(|error| self.unreceived(error))
    }

    pub(crate) fn recv(&mut self, wait: Wait) -> Result<Arrival, Error> {
        self.take_fault()?;
        #[cfg(feature = "draft")]
        if let Some(message) = self.draft.ahead.pop_front() {
            return Ok(Arrival::One(message));
        }
        let arrival = match wait {
            // libzmq's own waiting would signal more often than it is drained.
            Wait::Forever if self.kind.thread_safe => self.recv_when_signalled(),
            wait => Arrival::recv(&mut self.raw, wait),
        };
        self.raw.hand_over();
        arrival.map_err(|errno| self.unreceived(WaitError::Errno(errno)))
    }

    fn recv_when_signalled(&mut self) -> Result<Arrival, Errno> {
        loop {
            // Before the last look: only what comes after it is signalled.
            self.raw.descriptor()?;
            self.raw.drain();
            match Arrival::recv(&mut self.raw, Wait::Never) {
                Err(Errno::AGAIN) => self.raw.wait_for_signal()?,
                arrival => return arrival,
            }
        }
    }

    #[cold]
    fn unreceived(&self, error: WaitError) -> Error {
        self.wait_failed("zmq_msg_recv", error, Unsent::NOTHING)
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Failures

    fn wait_failed(&self, call: &'static str, error: WaitError, unsent: Unsent) -> Error {
        let socket = self.kind.name;
        match error {
            WaitError::Errno(Errno::AGAIN) => Error::WouldBlock { socket, unsent },
            WaitError::Errno(Errno::TERMINATED) => Error::ContextTerminated { socket, unsent },
            WaitError::Errno(errno) => Error::System { socket, call, source: errno.into(), unsent },
            WaitError::NoRuntime => Error::NoRuntime { socket, unsent },
            WaitError::NoIoDriver => Error::NoDriver { socket, driver: "I/O", enable: "enable_io", unsent },
            WaitError::Register(source) => Error::System { socket, call: "epoll_ctl", source, unsent },
        }
    }

    pub(crate) fn failed(&self, call: &'static str, errno: Errno) -> Error {
        failure(self.kind, call, errno)
    }
}

impl Drop for Core {
    fn drop(&mut self) {
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
    #[inline]
    fn recv(raw: &mut raw::Socket, wait: Wait) -> Result<Self, Errno> {
        let (frame, more) = raw.recv_frame(wait)?;
        let first = Message::from_frame(frame);
        if more { Self::recv_rest(raw, first) } else { Ok(Arrival::One(first)) }
    }

    fn recv_rest(raw: &mut raw::Socket, first: Message) -> Result<Self, Errno> {
        let mut message = Multipart::from(first);
        loop {
            let (frame, more) = raw.recv_frame(Wait::Never)?;
            message.push(Message::from_frame(frame));
            if !more {
                return Ok(Arrival::Many(message));
            }
        }
    }

    pub(crate) fn into_multipart(self) -> Multipart {
        match self {
            Arrival::One(message) => message.into(),
            Arrival::Many(message) => message,
        }
    }
}
