use std::collections::HashSet;
use std::ffi::{CString, c_void};
use std::ptr::NonNull;

use super::Errno;
use super::socket::c_string;

/// The inproc endpoints that somebody has connected to before anybody bound them.
///
/// When a context ends, libzmq opens a socket for each such connection, and aborts the process if it cannot. So they are
/// bound here, before it comes to that, by one socket that was opened in time.
#[derive(Default)]
pub(crate) struct Early {
    endpoints: HashSet<CString>,
    binder: Option<NonNull<c_void>>,
    over: bool,
}

// SAFETY: as with every socket, a full fence lies between uses by different threads; it is that of the lock around this.
unsafe impl Send for Early {}

impl Early {
    /// To be called before the connect, and kept locked until it is done.
    pub(super) fn await_binder(&mut self, context: NonNull<c_void>, endpoint: &str) -> Result<(), Errno> {
        if self.over {
            return Err(Errno::TERMINATED);
        }
        let endpoint = c_string(endpoint)?;
        if self.binder.is_none() {
            // SAFETY: the context is valid; NULL reports the failure.
            let binder = unsafe { zmq_sys::zmq_socket(context.as_ptr(), zmq_sys::ZMQ_PAIR as i32) };
            self.binder = Some(NonNull::new(binder).ok_or_else(Errno::last)?);
        }
        self.endpoints.insert(endpoint);
        Ok(())
    }

    pub(super) fn bound(&mut self, endpoint: &str) {
        if let Ok(endpoint) = c_string(endpoint) {
            self.endpoints.remove(&endpoint);
        }
    }

    /// Binds what nobody else has bound. Nobody can be awaited afterwards.
    pub(super) fn settle(&mut self) {
        self.over = true;
        let Some(binder) = self.binder.take() else { return };
        for endpoint in self.endpoints.drain() {
            // SAFETY: the socket is open and the string NUL-terminated. It fails where somebody has bound the endpoint.
            unsafe { zmq_sys::zmq_bind(binder.as_ptr(), endpoint.as_ptr()) };
        }
        // SAFETY: the socket is open, and nothing uses it afterwards.
        unsafe { zmq_sys::zmq_close(binder.as_ptr()) };
    }
}
