//! [`ContextBuilder`]: the settings of a context, which come before its first socket.

use std::ffi::c_int;
use std::fmt;
use std::io;
use std::num::NonZeroU16;

use crate::context::Context;
use crate::error::{Error, Result, Unsent};
use crate::raw::{self, ContextOption, Refused, Scheduling, Value, try_affinity, try_scheduling};

const AFFINITY: &str = "ZMQ_THREAD_AFFINITY_CPU_ADD";

/// The settings of a [`Context`]; made by [`Context::builder`].
///
/// Not here: `ZMQ_MAX_MSGSZ`, which libzmq ignores ([`Socket::max_message_size`](crate::Socket::max_message_size) limits the
/// messages of a socket), and `ZMQ_BLOCKY`, since every socket has a [`linger`](crate::Socket::linger) of its own.
///
/// Follows [zmq_ctx_set(3)](https://libzmq.readthedocs.io/en/latest/zmq_ctx_set.html).
#[must_use = "the context is made by `build`"]
pub struct ContextBuilder {
    options: Vec<ContextOption>,
    max_sockets: u16,
    processors: Vec<u16>,
    scheduling: Option<ThreadScheduling>,
    /// The first that this libzmq was built without, and what it needs.
    not_built: Option<(&'static str, &'static str)>,
}

/// How the threads of a context are scheduled, beside others of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadScheduling {
    /// In real time: before every other thread of a lower priority, 1 to 99, until it waits (`SCHED_FIFO`).
    Fifo(u8),
    /// In real time, in turns with others of the same priority, 1 to 99 (`SCHED_RR`).
    RoundRobin(u8),
    /// As any thread, but as often as can be (a nice value of -20).
    Urgent,
}

impl ContextBuilder {
    pub(crate) fn new() -> Self {
        Self { options: Vec::new(), max_sockets: 1023, processors: Vec::new(), scheduling: None, not_built: None }
    }

    /// How many threads serve the connections: one unless set, which is enough for about a gigabyte a second. With none,
    /// only inproc works.
    #[doc(alias = "ZMQ_IO_THREADS")]
    pub fn io_threads(self, threads: u8) -> Self {
        self.option("ZMQ_IO_THREADS", 1, Value::Int(threads.into()))
    }

    /// How many sockets can be open at the same time: 1023 unless set. A [`Monitor`](crate::Monitor) counts too.
    #[doc(alias = "ZMQ_MAX_SOCKETS")]
    pub fn max_sockets(mut self, sockets: NonZeroU16) -> Self {
        self.max_sockets = sockets.get();
        self
    }

    /// What [`Socket::ipv6`](crate::Socket::ipv6) is for the context's sockets: off unless set.
    #[doc(alias = "ZMQ_IPV6")]
    pub fn ipv6(self, allow: bool) -> Self {
        self.option("ZMQ_IPV6", 42, Value::Int(allow.into()))
    }

    /// Whether received messages may share the buffer that they were read into, in place of a copy. They do unless set: a
    /// small message that is kept keeps the whole buffer.
    #[doc(alias = "ZMQ_ZERO_COPY_RECV")]
    pub fn zero_copy_recv(self, share: bool) -> Self {
        self.option("ZMQ_ZERO_COPY_RECV", 10, Value::Int(share.into()))
    }

    /// On which processors the threads run, by their numbers; on all unless set.
    #[doc(alias = "ZMQ_THREAD_AFFINITY_CPU_ADD")]
    pub fn thread_affinity(mut self, processors: impl IntoIterator<Item = u16>) -> Self {
        self.processors = processors.into_iter().collect();
        let define = "ZMQ_HAVE_PTHREAD_SET_AFFINITY";
        self.needs(AFFINITY, define, cfg!(libzmq_define = "ZMQ_HAVE_PTHREAD_SET_AFFINITY"))
    }

    /// How the threads are scheduled: as any other unless set. Most of it needs a privilege of the process.
    #[doc(alias = "ZMQ_THREAD_SCHED_POLICY")]
    #[doc(alias = "ZMQ_THREAD_PRIORITY")]
    pub fn thread_scheduling(mut self, scheduling: ThreadScheduling) -> Self {
        self.scheduling = Some(scheduling);
        self
    }

    /// What the threads' names begin with, before `/ZMQbg/..`; the system shows 15 bytes of it all. Nothing unless set. It
    /// needs a libzmq with the draft API, and the feature `draft`.
    #[doc(alias = "ZMQ_THREAD_NAME_PREFIX")]
    pub fn thread_name_prefix(self, prefix: &str) -> Self {
        const NAME: &str = "ZMQ_THREAD_NAME_PREFIX";
        let mut bytes = prefix.as_bytes().to_vec();
        if bytes.len() == size_of::<c_int>() {
            // Or it would be taken for a number.
            bytes.push(0);
        }
        self.needs(NAME, "ZMQ_BUILD_DRAFT_API", cfg!(feature = "draft"))
            .needs(NAME, "ZMQ_HAVE_PTHREAD_SETNAME_2", cfg!(libzmq_define = "ZMQ_HAVE_PTHREAD_SETNAME_2"))
            .option(NAME, 9, Value::Bytes(bytes.into()))
    }

    /// Makes the context.
    ///
    /// # Errors
    /// [`Error::Option`] for a setting that the system refuses, and [`Error::OptionNotBuilt`] for one that libzmq would
    /// ignore; else as [`Context::new`].
    #[doc(alias = "zmq_ctx_new")]
    pub fn build(self) -> Result<Context> {
        const CONTEXT: &str = "context";
        #[cfg(feature = "draft")]
        if zmq::has("draft") != Some(true) {
            // The first handshake of a draft type, or 64 bytes from anyone, would abort the process.
            return Err(Error::NoDraftApi);
        }
        #[cfg(feature = "curve")]
        {
            if zmq::has("curve") != Some(true) {
                return Err(Error::NoCurve);
            }
            raw::sodium::init();
        }
        if let Some((option, define)) = self.not_built {
            return Err(Error::OptionNotBuilt { socket: CONTEXT, option, define });
        }
        let refused = |option, value, source| Error::Option { socket: CONTEXT, option, value, source };
        let mut options = self.options;
        if !self.processors.is_empty() {
            try_affinity(&self.processors)
                .map_err(|source| refused(AFFINITY, format!("{:?}", self.processors), source))?;
            options.extend(self.processors.iter().map(|it| option(AFFINITY, 7, Value::Int((*it).into()))));
        }
        if let Some(scheduling) = self.scheduling {
            try_scheduling(scheduling.raw())
                .map_err(|source| refused("ZMQ_THREAD_SCHED_POLICY", format!("{scheduling:?}"), source))?;
            let (policy, priority) = match scheduling.raw() {
                Scheduling::Policy(policy, priority) => (Some(policy), priority),
                // libzmq asks for the nice value whatever the number.
                Scheduling::Urgent => (None, 1),
            };
            options.extend(policy.map(|policy| option("ZMQ_THREAD_SCHED_POLICY", 4, Value::Int(policy))));
            options.push(option("ZMQ_THREAD_PRIORITY", 3, Value::Int(priority)));
        }
        let failed = |call, errno| Error::System {
            socket: CONTEXT,
            call,
            source: io::Error::from(errno),
            unsent: Unsent::NOTHING,
        };
        let raw = raw::Context::new(&options, self.max_sockets).map_err(|Refused(option, errno)| match option {
            Some(option) => refused(option.name, option.value.to_string(), errno.into()),
            None => failed("zmq_ctx_new", errno),
        })?;
        // The threads begin with the first socket: while what was tried still holds.
        if (self.scheduling.is_some() || !self.processors.is_empty())
            && let Some(handle) = raw.handle()
        {
            raw::Socket::open(handle, zmq_sys::ZMQ_PAIR as c_int, false)
                .map_err(|errno| failed("zmq_socket", errno))?;
        }
        Ok(Context::from_raw(raw))
    }

    fn option(mut self, name: &'static str, number: c_int, value: Value) -> Self {
        self.options.push(option(name, number, value));
        self
    }

    fn needs(mut self, option: &'static str, define: &'static str, built: bool) -> Self {
        if !built {
            self.not_built.get_or_insert((option, define));
        }
        self
    }
}

fn option(name: &'static str, number: c_int, value: Value) -> ContextOption {
    ContextOption { name, number, value }
}

impl ThreadScheduling {
    fn raw(self) -> Scheduling {
        match self {
            ThreadScheduling::Fifo(priority) => Scheduling::fifo(priority),
            ThreadScheduling::RoundRobin(priority) => Scheduling::round_robin(priority),
            ThreadScheduling::Urgent => Scheduling::Urgent,
        }
    }
}

impl fmt::Debug for ContextBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextBuilder").finish_non_exhaustive()
    }
}
