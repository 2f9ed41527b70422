//! How a task waits.

use crate::core::Core;
use crate::mode::{Attached, Idle};
use crate::security::SecurityRole;
use crate::socket::Socket;
use crate::socket_type::SocketType;

/// How an async call waits for its socket: [`Socket::latency`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Latency {
    /// The task sleeps until the socket is signalled. Where the socket is attached over inproc only, it looks again three
    /// times before, as with [`Low`](Self::Low): peers in the same process answer soon.
    #[default]
    Normal,
    /// Before it sleeps, the task looks again 64 times, letting other tasks and threads run in between: an answer that is
    /// on its way is met sooner, by the two context switches of a sleep. Good for one question after the other; with many
    /// under way, or peers that are slow to answer, it costs processor time and gains nothing.
    Low,
}

impl Core {
    pub(crate) fn set_latency(&mut self, latency: Latency) {
        self.latency = latency;
        self.note_patience();
    }

    /// How often a task looks again depends on where the socket is attached, too.
    pub(crate) fn note_patience(&mut self) {
        let looks = match self.latency {
            Latency::Normal if self.is_inproc() => 3,
            Latency::Normal => 0,
            Latency::Low => 64,
        };
        self.raw.set_patience(looks);
    }
}

/// # Options: latency
impl<T: SocketType, S: SecurityRole> Socket<T, Idle<S>> {
    /// How the async calls wait: [`Latency::Normal`] unless set. Nothing of libzmq's.
    ///
    /// ```
    /// use zmq_typestate::{Context, Latency, Req};
    ///
    /// let context = Context::new()?;
    /// let req = context.socket::<Req>()?.latency(Latency::Low).connect("tcp://127.0.0.1:5555")?;
    /// # drop(req);
    /// # Ok::<(), zmq_typestate::Error>(())
    /// ```
    pub fn latency(mut self, latency: Latency) -> Self {
        self.core_mut().set_latency(latency);
        self
    }
}

/// # Options of an attached socket: latency
impl<T: SocketType, M: Attached> Socket<T, M> {
    /// As [`latency`](Socket::latency), from now on.
    pub fn set_latency(&mut self, latency: Latency) {
        self.core_mut().set_latency(latency);
    }
}
