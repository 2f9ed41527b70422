//! What is behind every socket, whatever its type and mode: the libzmq socket, and what has to be remembered about it.

mod receiving;
mod sending;

use std::collections::{HashSet, VecDeque};
use std::ffi::c_int;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::attach::Attachment;
use crate::endpoint::Scheme;
use crate::error::{Error, Unsent};
use crate::inproc::Names;
use crate::latency::Latency;
use crate::lockstep::Turn;
use crate::message::{Message, Topic};
use crate::options::Linger;
use crate::raw::{self, Direction, Errno, Value, WaitError};
use crate::routing::{GivenNames, Name};
use crate::security::Security;
use crate::socket_type::Kind;

pub(crate) use receiving::Arrival;
pub(crate) use sending::Outgoing;

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
    pub(crate) latency: Latency,
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
            latency: Latency::default(),
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

/// What sockets are better with; a libzmq that does not know the option goes without.
fn prepare(kind: &Kind, raw: &mut raw::Socket) {
    const ONLY_FIRST_SUBSCRIBE: c_int = 108;
    if matches!(kind.name, "XPUB" | "XSUB") {
        // Or a later frame of a message that goes upstream is taken for a subscription, if its first byte is 0 or 1.
        let _ = raw.set(ONLY_FIRST_SUBSCRIBE, &Value::Int(1));
    }
}

fn failure(kind: &Kind, call: &'static str, errno: Errno) -> Error {
    match errno {
        Errno::TERMINATED => Error::ContextTerminated { socket: kind.name, unsent: Unsent::NOTHING },
        errno => Error::System { socket: kind.name, call, source: errno.into(), unsent: Unsent::NOTHING },
    }
}
