use std::ffi::{CString, c_int, c_void};
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::{Duration, Instant};

use smallvec::SmallVec;
use tokio::task::coop;

#[cfg(feature = "draft")]
use super::draft::Poller;
use super::readiness::{Direction, Readiness, Ticket, WaitError};
use super::{Errno, Frame, Handle};

/// An open libzmq socket. Dropping it closes it; what it still holds goes on being delivered up to its linger.
pub(crate) struct Socket {
    // Before `ptr`'s close: libzmq closes the descriptor later, on its own thread, and the number may be used again.
    readiness: Readiness,
    /// What a thread-safe socket signals, from the first time that it is waited for.
    #[cfg(feature = "draft")]
    poller: Option<Poller>,
    thread_safe: bool,
    ptr: NonNull<c_void>,
    context: Arc<Handle>,
    linger: Duration,
}

// SAFETY: a socket may move between threads when a full fence lies between the uses, which every safe hand-over of a
// value in Rust has. It is not `Sync`.
unsafe impl Send for Socket {}

/// Whether a call may wait for the peer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Answer `EAGAIN` instead.
    Never,
    /// Block the thread.
    Forever,
}

/// The value of a socket option.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Int(c_int),
    Bytes(Box<[u8]>),
}

impl Wait {
    fn flags(self) -> c_int {
        match self {
            Wait::Never => zmq_sys::ZMQ_DONTWAIT as c_int,
            Wait::Forever => 0,
        }
    }
}

impl Socket {
    /// `thread_safe` is what libzmq says of the type: such a socket has no descriptor of its own.
    pub(crate) fn open(context: Arc<Handle>, socket_type: c_int, thread_safe: bool) -> Result<Self, Errno> {
        // SAFETY: the handle keeps the context alive; NULL reports the failure.
        let ptr =
            NonNull::new(unsafe { zmq_sys::zmq_socket(context.as_ptr(), socket_type) }).ok_or_else(Errno::last)?;
        Ok(Self {
            readiness: Readiness::default(),
            #[cfg(feature = "draft")]
            poller: None,
            thread_safe,
            ptr,
            context,
            linger: Duration::MAX,
        })
    }

    pub(crate) fn bind(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = c_string(endpoint)?;
        // SAFETY: the socket is open and the string NUL-terminated.
        let done = check(unsafe { zmq_sys::zmq_bind(self.as_ptr(), endpoint.as_ptr()) });
        self.drain_when_due();
        done
    }

    pub(crate) fn connect(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = c_string(endpoint)?;
        // SAFETY: the socket is open and the string NUL-terminated.
        let done = check(unsafe { zmq_sys::zmq_connect(self.as_ptr(), endpoint.as_ptr()) });
        self.drain_when_due();
        done
    }

    pub(crate) fn unbind(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = c_string(endpoint)?;
        // SAFETY: the socket is open and the string NUL-terminated.
        let done = check(unsafe { zmq_sys::zmq_unbind(self.as_ptr(), endpoint.as_ptr()) });
        self.drain_when_due();
        done
    }

    pub(crate) fn disconnect(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = c_string(endpoint)?;
        // SAFETY: the socket is open and the string NUL-terminated.
        let done = check(unsafe { zmq_sys::zmq_disconnect(self.as_ptr(), endpoint.as_ptr()) });
        self.drain_when_due();
        done
    }

    pub(crate) fn set(&self, option: c_int, value: &Value) -> Result<(), Errno> {
        let (data, len) = match value {
            Value::Int(int) => (ptr::from_ref(int).cast::<c_void>(), size_of::<c_int>()),
            Value::Bytes(bytes) => (bytes.as_ptr().cast(), bytes.len()),
        };
        // SAFETY: `data` is readable for `len` bytes; libzmq checks both against what the option expects.
        check(unsafe { zmq_sys::zmq_setsockopt(self.as_ptr(), option, data, len) })
    }

    /// How long undelivered messages survive the close.
    pub(crate) fn set_linger(&mut self, linger: Duration) -> Result<(), Errno> {
        let millis = c_int::try_from(linger.as_millis()).unwrap_or(c_int::MAX);
        self.set(zmq_sys::ZMQ_LINGER as c_int, &Value::Int(millis))?;
        self.linger = linger;
        Ok(())
    }

    /// Reads an option of at most 512 bytes.
    pub(crate) fn get_bytes(&self, option: c_int) -> Result<SmallVec<[u8; 512]>, Errno> {
        let mut buffer = SmallVec::from_buf([0; 512]);
        let mut len = buffer.len();
        // SAFETY: the buffer is writable for `len` bytes, and `len` becomes what was written of it.
        check(unsafe { zmq_sys::zmq_getsockopt(self.as_ptr(), option, buffer.as_mut_ptr().cast(), &mut len) })?;
        buffer.truncate(len);
        Ok(buffer)
    }

    fn get_int(&self, option: c_int) -> Result<c_int, Errno> {
        let mut value: c_int = 0;
        let mut len = size_of::<c_int>();
        loop {
            // SAFETY: `value` is writable for `len` bytes.
            let result = check(unsafe {
                zmq_sys::zmq_getsockopt(self.as_ptr(), option, ptr::from_mut(&mut value).cast(), &mut len)
            });
            match result {
                Err(Errno::INTERRUPTED) => continue,
                result => return result.map(|()| value),
            }
        }
    }

    /// The descriptor that becomes readable when there are commands to process; always the same one.
    pub(crate) fn descriptor(&mut self) -> Result<c_int, Errno> {
        #[cfg(feature = "draft")]
        if self.thread_safe {
            if self.poller.is_none() {
                self.poller = Some(Poller::new(self)?);
            }
            return self.poller.as_ref().map(Poller::descriptor).ok_or(Errno::INVALID);
        }
        self.get_int(zmq_sys::ZMQ_FD as c_int)
    }

    /// Takes what signals a thread-safe socket has sent; true if there were any, which were meant for everybody who waits.
    pub(crate) fn drain(&mut self) -> bool {
        #[cfg(feature = "draft")]
        if let Some(poller) = &mut self.poller
            && poller.drain()
        {
            self.readiness.wake_all();
            return true;
        }
        false
    }

    /// After each call that may have made a thread-safe socket ready to signal once more.
    #[inline]
    pub(super) fn drain_when_due(&mut self) {
        #[cfg(feature = "draft")]
        if self.poller.as_mut().is_some_and(Poller::is_due) {
            self.drain();
        }
    }

    pub(super) fn is_thread_safe(&self) -> bool {
        self.thread_safe
    }

    /// Lets the socket process what its peers and I/O threads have told it; answers in which directions it is ready.
    pub(crate) fn events(&self) -> Result<c_int, Errno> {
        self.get_int(zmq_sys::ZMQ_EVENTS as c_int)
    }

    /// Blocks the thread until there are commands to process. All earlier ones must have been, by [`events`](Self::events).
    pub(crate) fn wait_for_signal(&mut self) -> Result<(), Errno> {
        wait_for_one_of([self.descriptor()?])
    }

    /// Sends one part. On failure the frame is as it was; on success it is empty.
    #[inline]
    pub(crate) fn send_frame(&mut self, frame: &mut Frame, more: bool, wait: Wait) -> Result<(), Errno> {
        let flags = if more { wait.flags() | zmq_sys::ZMQ_SNDMORE as c_int } else { wait.flags() };
        loop {
            // SAFETY: frame and socket are valid; libzmq takes the content of the frame only when it succeeds.
            let sent = unsafe { zmq_sys::zmq_msg_send(frame.as_mut_ptr(), self.as_ptr(), flags) };
            if sent >= 0 {
                return Ok(());
            }
            match Errno::last() {
                Errno::INTERRUPTED => continue,
                errno => return Err(errno),
            }
        }
    }

    /// Receives one part, and whether more of its message follow.
    #[inline]
    pub(crate) fn recv_frame(&mut self, wait: Wait) -> Result<(Frame, bool), Errno> {
        let mut frame = Frame::empty();
        loop {
            // SAFETY: frame and socket are valid.
            let received = unsafe { zmq_sys::zmq_msg_recv(frame.as_mut_ptr(), self.as_ptr(), wait.flags()) };
            if received >= 0 {
                let more = frame.has_more();
                return Ok((frame, more));
            }
            match Errno::last() {
                Errno::INTERRUPTED => continue,
                errno => return Err(errno),
            }
        }
    }

    /// Runs an operation that never blocks until it does something other than `EAGAIN`, and parks the task meanwhile.
    /// The operation must be one message, whole: the task may be dropped whenever this is pending.
    #[inline]
    pub(crate) fn poll<R>(
        &mut self,
        cx: &mut TaskContext<'_>,
        direction: Direction,
        ticket: &mut Ticket,
        mut operation: impl FnMut(&mut Self) -> Result<R, Errno>,
    ) -> Poll<Result<R, WaitError>> {
        // The budget is that of a task; a thread that blocks is none.
        let budget = if ticket.blocks() { None } else { Some(ready!(coop::poll_proceed(cx))) };
        // Also where the operation would succeed at once: whether a call works must not depend on its luck.
        if ticket.blocks() {
            self.descriptor().map_err(WaitError::Errno)?;
        } else {
            self.register()?;
        }
        let mut retried = false;
        loop {
            match operation(self) {
                Err(Errno::AGAIN) => ready!(self.park(cx, direction, ticket, &mut retried))?,
                result => {
                    if let Some(budget) = budget {
                        budget.made_progress();
                    }
                    ticket.leave();
                    self.hand_over();
                    return Poll::Ready(result.map_err(WaitError::Errno));
                }
            }
        }
    }

    pub(super) fn readiness(&mut self) -> &mut Readiness {
        &mut self.readiness
    }

    #[inline]
    pub(super) fn as_ptr(&self) -> *mut c_void {
        self.ptr.as_ptr()
    }
}

/// Blocks the thread until one of the descriptors is readable, or a signal handler has run.
pub(crate) fn wait_for_one_of<const N: usize>(descriptors: [c_int; N]) -> Result<(), Errno> {
    let mut descriptors = descriptors.map(|descriptor| zmq::PollItem::from_fd(descriptor, zmq::POLLIN));
    match zmq::poll(&mut descriptors, -1) {
        Ok(_) | Err(zmq::Error::EINTR) => Ok(()),
        Err(_) => Err(Errno::last()),
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.readiness.forget();
        // Before the close too: it belongs to the socket.
        #[cfg(feature = "draft")]
        drop(self.poller.take());
        if let Some(end) = Instant::now().checked_add(self.linger)
            && !self.linger.is_zero()
        {
            self.context.lingers_until(end);
        }
        // SAFETY: the socket is open, and nothing uses it afterwards. The call fails only for something that is no socket.
        unsafe { zmq_sys::zmq_close(self.as_ptr()) };
    }
}

pub(super) fn c_string(text: &str) -> Result<CString, Errno> {
    CString::new(text).map_err(|_| Errno::INVALID)
}

pub(super) fn check(result: c_int) -> Result<(), Errno> {
    if result == 0 { Ok(()) } else { Err(Errno::last()) }
}
