use std::ffi::{CString, c_int};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::socket::check;
use super::{Errno, Socket, Value};

/// The receiving end of a monitor, which its socket holds too: libzmq sends events from its I/O threads, and would wait for
/// ever, with all sockets of the context, if nobody was there to receive them or there was no room for them.
pub(crate) struct Events(Arc<Mutex<Socket>>);

impl Events {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Socket> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Socket {
    /// Begins to report what happens to the socket's connections; None when that is reported already.
    pub(crate) fn monitor(&mut self) -> Result<Option<Events>, Errno> {
        const ALL: c_int = 0xffff;
        static NEXT: AtomicU64 = AtomicU64::new(0);
        self.release_monitor();
        if self.monitor.is_some() {
            return Ok(None);
        }
        let name = format!("inproc://zmq-typestate.monitor.{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut receiver = Socket::open(self.context.clone(), zmq_sys::ZMQ_PAIR as c_int, false)?;
        receiver.set_linger(Some(Duration::ZERO))?;
        // Over inproc the limits of both ends count: there is none then.
        receiver.set(zmq_sys::ZMQ_RCVHWM as c_int, &Value::Int(0))?;
        let endpoint = CString::new(name.as_str()).map_err(|_| Errno::INVALID)?;
        // SAFETY: the socket is open and the string NUL-terminated.
        check(unsafe { zmq_sys::zmq_socket_monitor(self.as_ptr(), endpoint.as_ptr(), ALL) })?;
        if let Err(errno) = receiver.connect(&name) {
            self.stop_monitor();
            return Err(errno);
        }
        let receiver = Arc::new(Mutex::new(receiver));
        self.monitor = Some(receiver.clone());
        Ok(Some(Events(receiver)))
    }

    /// Whether somebody is told of what happens to the connections.
    pub(crate) fn is_monitored(&self) -> bool {
        self.monitor.as_ref().is_some_and(|monitor| Arc::strong_count(monitor) > 1)
    }

    /// Stops to report where nobody holds the receiving end any more.
    #[inline]
    pub(crate) fn release_monitor(&mut self) {
        if self.monitor.is_some() && !self.is_monitored() {
            self.stop_monitor();
        }
    }

    /// Sends the last event, and only then lets go of the receiving end.
    pub(super) fn stop_monitor(&mut self) {
        // SAFETY: the socket is open; NULL stops. It fails only after the end of the context, when nothing is sent any more.
        unsafe { zmq_sys::zmq_socket_monitor(self.as_ptr(), ptr::null(), 0) };
        self.monitor = None;
    }
}
