//! What the runner and its contenders have in common: the order that a contender gets, the lines that it answers with, and
//! the messages that are sent and checked.

use std::env;
use std::fmt;
use std::str::FromStr;

#[cfg(feature = "contender")]
pub mod workloads;

/// Where a contender binds over tcp: a port that is free.
pub const LOOPBACK: &str = "tcp://127.0.0.1:0";

/// What a contender is started with, as its arguments, in this order.
#[derive(Debug, Clone)]
pub struct Order {
    /// Its part in the workload, as `push`: see `workloads.rs`.
    pub role: String,
    /// Where its tasks run, as `current_thread`: see `workloads.rs`.
    pub runtime: String,
    /// Bytes a message.
    pub size: usize,
    /// So many are measured; a tenth more come before, to warm up.
    pub messages: u64,
    /// What there are several of: messages a call, requests in flight, subscribers or sockets.
    pub width: usize,
    /// Where to connect.
    pub endpoint: String,
    /// Whether to wait in the way that is for short round trips, where the library has a choice.
    pub low_latency: bool,
}

impl Order {
    pub fn to_args(&self) -> [String; 7] {
        let Self { role, runtime, size, messages, width, endpoint, low_latency } = self;
        let [size, messages, width] = [size.to_string(), messages.to_string(), width.to_string()];
        [role.clone(), runtime.clone(), size, messages, width, endpoint.clone(), low_latency.to_string()]
    }

    /// The one that this process was started with.
    pub fn from_args() -> Option<Self> {
        let mut args = env::args().skip(1);
        Some(Self {
            role: args.next()?,
            runtime: args.next()?,
            size: args.next()?.parse().ok()?,
            messages: args.next()?.parse().ok()?,
            width: args.next()?.parse().ok()?,
            endpoint: args.next()?,
            low_latency: args.next()?.parse().ok()?,
        })
    }

    pub fn warm_up(&self) -> u64 {
        self.messages / 10
    }

    /// All messages that are sent.
    pub fn total(&self) -> u64 {
        self.warm_up() + self.messages
    }
}

/// What a contender tells the runner, each in a line of its standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// It has bound: the other process can be started.
    Endpoint(String),
    /// All subscribers hear the publisher, who can begin: the runner hands [`GO`] to it.
    Ready,
    /// The time from the first message to the last, how many they are, and how many did not come.
    Took { nanos: u64, messages: u64, lost: u64 },
    /// Of the time of a round trip.
    RoundTrip { median_nanos: u64, p99_nanos: u64 },
    /// The library has nothing of the kind.
    Unsupported,
}

/// The only line that a contender is told. The end of its standard input ends it.
pub const GO: &str = "go";

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Report::Endpoint(endpoint) => write!(f, "endpoint {endpoint}"),
            Report::Ready => write!(f, "ready"),
            Report::Took { nanos, messages, lost } => write!(f, "took {nanos} {messages} {lost}"),
            Report::RoundTrip { median_nanos, p99_nanos } => write!(f, "round_trip {median_nanos} {p99_nanos}"),
            Report::Unsupported => write!(f, "unsupported"),
        }
    }
}

impl FromStr for Report {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        let mut words = line.split(' ');
        let kind = words.next().ok_or(())?;
        let mut word = || words.next().ok_or(());
        let number = |word: &str| word.parse().map_err(|_| ());
        Ok(match kind {
            "endpoint" => Report::Endpoint(word()?.to_owned()),
            "ready" => Report::Ready,
            "took" => Report::Took { nanos: number(word()?)?, messages: number(word()?)?, lost: number(word()?)? },
            "round_trip" => Report::RoundTrip { median_nanos: number(word()?)?, p99_nanos: number(word()?)? },
            "unsupported" => Report::Unsupported,
            _ => return Err(()),
        })
    }
}

/// The number of a message that only asks whether anybody listens.
pub const PROBE: u64 = u64::MAX;
/// The number of a message after the last one.
pub const END: u64 = u64::MAX - 1;

/// Makes messages: a number in the first eight bytes, and its complement in the last.
pub struct Payload {
    bytes: Vec<u8>,
    next: u64,
}

impl Payload {
    pub fn new(size: usize) -> Self {
        Self { bytes: vec![7; size], next: 0 }
    }

    /// The next one of the sequence.
    #[inline]
    pub fn following(&mut self) -> &[u8] {
        self.next += 1;
        self.numbered(self.next - 1)
    }

    #[inline]
    pub fn numbered(&mut self, number: u64) -> &[u8] {
        self.bytes[..8].copy_from_slice(&number.to_le_bytes());
        *self.bytes.last_mut().unwrap() = !number as u8;
        &self.bytes
    }
}

/// Checks messages: each of them whole, and in order.
pub struct Expected {
    size: usize,
    /// Whether messages may be missing.
    gaps: bool,
    /// The number that comes next.
    pub next: u64,
    pub received: u64,
    /// Whether a [`PROBE`] has come, and the [`END`].
    pub probed: bool,
    pub ended: bool,
}

impl Expected {
    pub fn all(size: usize) -> Self {
        Self { size, gaps: false, next: 0, received: 0, probed: false, ended: false }
    }

    /// As a SUB may miss some.
    pub fn with_gaps(size: usize) -> Self {
        Self { gaps: true, ..Self::all(size) }
    }

    /// # Panics
    /// Where it is not what was sent.
    #[inline]
    pub fn check(&mut self, payload: &[u8]) {
        assert_eq!(payload.len(), self.size, "bytes came in place of a message of that size");
        let number = u64::from_le_bytes(payload[..8].try_into().unwrap());
        assert_eq!(payload.last(), Some(&!(number as u8)), "the end of message {number} is not what was sent");
        if number == self.next || self.gaps && number > self.next && number < END {
            self.next = number + 1;
            self.received += 1;
        } else {
            self.mark(number);
        }
    }

    #[cold]
    fn mark(&mut self, number: u64) {
        match number {
            PROBE => self.probed = true,
            END => self.ended = true,
            _ => panic!("message {number} came where {} is next", self.next),
        }
    }
}
