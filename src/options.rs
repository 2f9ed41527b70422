//! Options, chained on a socket before it binds or connects. What the system refuses of them is said there.
//!
//! Follows [zmq_setsockopt(3)](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).

use std::ffi::c_int;
use std::num::NonZeroU32;
use std::time::Duration;

use crate::mode::Idle;
use crate::raw::Value;
use crate::routing::RoutingId;
use crate::socket::Socket;
use crate::socket_type::{Announces, Router, SocketType};

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

    fn value(self) -> Value {
        Value::Int(match self {
            Hwm::Messages(limit) => c_int::try_from(limit.get()).unwrap_or(c_int::MAX),
            Hwm::Unlimited => 0,
        })
    }
}

impl<T: SocketType> Socket<T, Idle> {
    /// How long messages that were accepted go on being delivered after the socket is closed: 30 seconds unless set
    /// (none for SUB and XSUB). Rounded down to milliseconds, and to at most 24 days.
    #[doc(alias = "ZMQ_LINGER")]
    pub fn linger(mut self, linger: Duration) -> Self {
        self.core_mut().set_linger(linger);
        self
    }

    /// How many messages wait for each peer that is slower than this socket sends: 1000 unless set.
    #[doc(alias = "ZMQ_SNDHWM")]
    pub fn send_hwm(self, limit: Hwm) -> Self {
        self.option(zmq_sys::ZMQ_SNDHWM, "ZMQ_SNDHWM", limit.value())
    }

    /// How many messages of each peer wait for this socket to receive them: 1000 unless set.
    #[doc(alias = "ZMQ_RCVHWM")]
    pub fn recv_hwm(self, limit: Hwm) -> Self {
        self.option(zmq_sys::ZMQ_RCVHWM, "ZMQ_RCVHWM", limit.value())
    }

    /// The name under which the ROUTERs that this socket talks to know it; they make one up for a socket without.
    ///
    /// It must be unique among the peers of each of them: libzmq ignores the second of the same name.
    #[doc(alias = "ZMQ_ROUTING_ID")]
    #[doc(alias = "ZMQ_IDENTITY")]
    pub fn routing_id(self, name: &RoutingId<Router>) -> Self
    where
        T: Announces,
    {
        self.option(zmq_sys::ZMQ_ROUTING_ID, "ZMQ_ROUTING_ID", Value::Bytes(name.as_bytes().into()))
    }

    fn option(mut self, option: u32, name: &'static str, value: Value) -> Self {
        self.core_mut().set(option as c_int, name, value);
        self
    }
}
