use std::ffi::{CString, c_int, c_void};
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::ptr::{self, NonNull};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context as TaskContext, Poll, Wake, Waker, ready};
use std::time::{Duration, Instant};

use smallvec::SmallVec;
use tokio::task::coop;

#[cfg(feature = "draft")]
use super::draft::Poller;
use super::readiness::{Direction, Readiness, Ticket, WaitError};
use super::{Errno, Frame, Handle, Slot};

/// An open libzmq socket. Dropping it closes it; what it still holds goes on being delivered up to its linger.
pub(crate) struct Socket {
    // Before `ptr`'s close: libzmq closes the descriptor later, on its own thread, and the number may be used again.
    readiness: Readiness,
    /// What a thread-safe socket signals, from the first time that it is waited for.
    #[cfg(feature = "draft")]
    poller: Option<Poller>,
    thread_safe: bool,
    /// Thread-safe, with peers of its own context: see [`turn`](Self::turn).
    takes_turns: bool,
    /// Keeps only the last message, and must not be sent several frames.
    conflates: bool,
    /// A peer has: libzmq would abort the process if it was asked for the next one.
    spoilt: bool,
    patience: Patience,
    /// Where its events go.
    pub(super) monitor: Option<Arc<Mutex<Socket>>>,
    ptr: NonNull<c_void>,
    pub(super) context: Arc<Handle>,
    linger: Option<Duration>,
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
    /// A number of 64 bits, signed or not.
    Wide([u8; 8]),
    Bytes(Box<[u8]>),
}

impl fmt::Display for Value {
    /// As far as it is short.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Int(int) => int.fmt(f),
            Value::Wide(bytes) => i64::from_ne_bytes(*bytes).fmt(f),
            Value::Bytes(bytes) if bytes.len() <= 64 => write!(f, "\"{}\"", bytes.escape_ascii()),
            Value::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
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
        context.admit()?;
        // SAFETY: the handle keeps the context alive; NULL reports the failure.
        let Some(ptr) = NonNull::new(unsafe { zmq_sys::zmq_socket(context.as_ptr(), socket_type) }) else {
            let errno = Errno::last();
            context.dismiss();
            return Err(errno);
        };
        Ok(Self {
            readiness: Readiness::default(),
            #[cfg(feature = "draft")]
            poller: None,
            thread_safe,
            takes_turns: false,
            conflates: false,
            spoilt: false,
            patience: Patience::default(),
            monitor: None,
            ptr,
            context,
            linger: None,
        })
    }

    pub(crate) fn bind(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = c_string(endpoint)?;
        let turn = self.turn();
        // SAFETY: the socket is open and the string NUL-terminated.
        let done = check(unsafe { zmq_sys::zmq_bind(self.as_ptr(), endpoint.as_ptr()) });
        drop(turn);
        self.drain_when_due();
        done
    }

    pub(crate) fn connect(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = c_string(endpoint)?;
        let turn = self.turn();
        // SAFETY: the socket is open and the string NUL-terminated.
        let done = check(unsafe { zmq_sys::zmq_connect(self.as_ptr(), endpoint.as_ptr()) });
        drop(turn);
        self.drain_when_due();
        done
    }

    pub(crate) fn unbind(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = c_string(endpoint)?;
        let turn = self.turn();
        // SAFETY: the socket is open and the string NUL-terminated.
        let done = check(unsafe { zmq_sys::zmq_unbind(self.as_ptr(), endpoint.as_ptr()) });
        drop(turn);
        self.drain_when_due();
        done
    }

    pub(crate) fn disconnect(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = c_string(endpoint)?;
        let turn = self.turn();
        // SAFETY: the socket is open and the string NUL-terminated.
        let done = check(unsafe { zmq_sys::zmq_disconnect(self.as_ptr(), endpoint.as_ptr()) });
        drop(turn);
        self.drain_when_due();
        done
    }

    pub(crate) fn set(&mut self, option: c_int, value: &Value) -> Result<(), Errno> {
        match value {
            Value::Int(int) => {
                let int = ptr::from_ref(int).cast();
                // SAFETY: the number is readable; libzmq checks its size against what the option expects.
                check(unsafe { zmq_sys::zmq_setsockopt(self.as_ptr(), option, int, size_of::<c_int>()) })?;
            }
            Value::Wide(bytes) => self.set_bytes(option, bytes)?,
            Value::Bytes(bytes) => self.set_bytes(option, bytes)?,
        }
        if option == zmq_sys::ZMQ_CONFLATE as c_int {
            self.conflates = matches!(value, Value::Int(1));
        }
        Ok(())
    }

    /// As `set`, of bytes that are not copied on the way.
    pub(crate) fn set_bytes(&mut self, option: c_int, bytes: &[u8]) -> Result<(), Errno> {
        // SAFETY: the bytes are readable; libzmq checks their number against what the option expects, and copies them.
        check(unsafe { zmq_sys::zmq_setsockopt(self.as_ptr(), option, bytes.as_ptr().cast(), bytes.len()) })
    }

    /// Whether it is a socket of this context.
    pub(crate) fn is_of(&self, context: &Arc<Handle>) -> bool {
        Arc::ptr_eq(&self.context, context)
    }

    pub(crate) fn conflates(&self) -> bool {
        self.conflates
    }

    /// How long undelivered messages survive the close; None is for ever.
    pub(crate) fn set_linger(&mut self, linger: Option<Duration>) -> Result<(), Errno> {
        let millis = linger.map_or(-1, |linger| c_int::try_from(linger.as_millis()).unwrap_or(c_int::MAX));
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

    pub(crate) fn get_int(&self, option: c_int) -> Result<c_int, Errno> {
        self.get_bytes_of(option).map(c_int::from_ne_bytes)
    }

    /// A number of 64 bits, signed or not.
    pub(crate) fn get_wide(&self, option: c_int) -> Result<[u8; 8], Errno> {
        self.get_bytes_of(option)
    }

    #[inline]
    fn get_bytes_of<const N: usize>(&self, option: c_int) -> Result<[u8; N], Errno> {
        let mut value = [0; N];
        let mut len = N;
        let _turn = self.turn();
        loop {
            // SAFETY: `value` is writable for `len` bytes.
            let result =
                check(unsafe { zmq_sys::zmq_getsockopt(self.as_ptr(), option, value.as_mut_ptr().cast(), &mut len) });
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
        {
            let turn = turn(self.takes_turns, &self.context);
            let drained = self.poller.as_mut().is_some_and(Poller::drain);
            drop(turn);
            if drained {
                self.readiness.wake_all();
            }
            drained
        }
        #[cfg(not(feature = "draft"))]
        false
    }

    /// From now on the socket has peers of its own context, over inproc.
    pub(crate) fn takes_turns(&mut self) {
        self.takes_turns = self.thread_safe;
    }

    /// Keeps the calls on thread-safe sockets that are joined by inproc apart.
    ///
    /// libzmq locks such a socket for the whole of a call, and in it the peer that it has something to tell: two of them,
    /// each used by a thread, wait for each other for ever. None of our calls on them blocks, so the turns are short. (A
    /// socket that has been closed is worked on by libzmq's own thread, which takes no turns.)
    #[inline]
    pub(super) fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        turn(self.takes_turns, &self.context)
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
    /// `EAGAIN` when it takes too long.
    pub(crate) fn wait_for_signal(&mut self, deadline: Option<Instant>) -> Result<(), Errno> {
        wait_for_one_of([self.descriptor()?], deadline)
    }

    /// How long a call that blocks the thread may wait.
    pub(crate) fn timeout(&self, direction: Direction) -> Option<Duration> {
        let option = match direction {
            Direction::Send => zmq_sys::ZMQ_SNDTIMEO,
            Direction::Recv => zmq_sys::ZMQ_RCVTIMEO,
        };
        // A failure is found by the call itself.
        let millis = self.get_int(option as c_int).ok()?;
        u64::try_from(millis).ok().map(Duration::from_millis)
    }

    /// Sends one part. On failure the frame is as it was; on success it is empty.
    #[inline]
    pub(crate) fn send_frame(&mut self, frame: &mut Frame, more: bool, wait: Wait) -> Result<(), Errno> {
        let flags = if more { wait.flags() | zmq_sys::ZMQ_SNDMORE as c_int } else { wait.flags() };
        let mut since = None;
        loop {
            let _turn = self.turn();
            // SAFETY: frame and socket are valid; libzmq takes the content of the frame only when it succeeds.
            if unsafe { zmq_sys::zmq_msg_send(frame.as_mut_ptr(), self.as_ptr(), flags) } >= 0 {
                return Ok(());
            }
            self.interrupted(wait, Direction::Send, &mut since)?;
        }
    }

    /// Receives one part; gives whether more of its message follow.
    #[inline]
    pub(crate) fn recv_frame(&mut self, slot: &mut Slot, wait: Wait) -> Result<bool, Errno> {
        if self.spoilt {
            return Err(Errno::SEVERAL_FRAMES);
        }
        let mut since = None;
        loop {
            let turn = self.turn();
            // SAFETY: message and socket are valid.
            let receive = |msg| unsafe { zmq_sys::zmq_msg_recv(msg, self.as_ptr(), wait.flags()) >= 0 };
            if let Some(more) = slot.fill(receive) {
                if more && self.conflates {
                    drop(turn);
                    self.spoilt = true;
                    return Err(Errno::SEVERAL_FRAMES);
                }
                return Ok(more);
            }
            self.interrupted(wait, Direction::Recv, &mut since)?;
        }
    }

    /// After a call that has failed: whether it was only a signal handler, so that it goes on. `since` is when the first one
    /// ran: each time, libzmq would begin its timeout anew.
    #[cold]
    fn interrupted(&self, wait: Wait, direction: Direction, since: &mut Option<Instant>) -> Result<(), Errno> {
        match Errno::last() {
            Errno::INTERRUPTED if wait == Wait::Never => Ok(()),
            Errno::INTERRUPTED => {
                let since = *since.get_or_insert_with(Instant::now);
                match self.timeout(direction) {
                    Some(timeout) if since.elapsed() >= timeout => Err(Errno::AGAIN),
                    _ => Ok(()),
                }
            }
            errno => Err(errno),
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
                Err(Errno::AGAIN) if !ticket.blocks() && self.patience.looks_again() => {
                    self.hand_over();
                    // What is waited for is made by other threads, which may need this processor.
                    std::thread::yield_now();
                    run_again(cx);
                    return Poll::Pending;
                }
                Err(Errno::AGAIN) => ready!(self.park(cx, direction, ticket, &mut retried))?,
                result => {
                    if let Some(budget) = budget {
                        budget.made_progress();
                    }
                    ticket.leave();
                    self.patience.renew();
                    self.hand_over();
                    return Poll::Ready(result.map_err(WaitError::Errno));
                }
            }
        }
    }

    /// How often a task looks again before it parks.
    pub(crate) fn set_patience(&mut self, looks: u8) {
        self.patience = Patience { whole: looks, left: looks };
    }

    pub(super) fn readiness(&mut self) -> &mut Readiness {
        &mut self.readiness
    }

    #[inline]
    pub(super) fn as_ptr(&self) -> *mut c_void {
        self.ptr.as_ptr()
    }
}

/// How often a task looks again, without being woken, before it parks.
#[derive(Default)]
struct Patience {
    whole: u8,
    left: u8,
}

impl Patience {
    #[inline]
    fn looks_again(&mut self) -> bool {
        let again = self.left > 0;
        self.left = self.left.saturating_sub(1);
        again
    }

    #[inline]
    fn renew(&mut self) {
        self.left = self.whole;
    }
}

/// Has the task run again when its runtime has done everything else, also for those who wait for descriptors.
fn run_again(cx: &TaskContext<'_>) {
    /// Wakes when it is dropped: a runtime that pauses forgets those who yield.
    struct Yielding(Waker);

    impl Wake for Yielding {
        fn wake(self: Arc<Self>) {}
    }

    impl Drop for Yielding {
        fn drop(&mut self) {
            self.0.wake_by_ref();
        }
    }

    let waker = Waker::from(Arc::new(Yielding(cx.waker().clone())));
    // Pending, with the waker left to the runtime; or woken at once, where there is none.
    let _ = pin!(tokio::task::yield_now()).poll(&mut TaskContext::from_waker(&waker));
}

/// Blocks the thread until one of the descriptors is readable, or a signal handler has run. `EAGAIN` when it takes too long.
pub(crate) fn wait_for_one_of<const N: usize>(descriptors: [c_int; N], deadline: Option<Instant>) -> Result<(), Errno> {
    let mut descriptors = descriptors.map(|descriptor| zmq::PollItem::from_fd(descriptor, zmq::POLLIN));
    let millis = match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
        Some(Duration::ZERO) => return Err(Errno::AGAIN),
        Some(left) => left.as_nanos().div_ceil(1_000_000).try_into().unwrap_or(i64::MAX),
        None => -1,
    };
    match zmq::poll(&mut descriptors, millis) {
        Ok(_) | Err(zmq::Error::EINTR) => Ok(()),
        Err(_) => Err(Errno::last()),
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.readiness.forget();
        if self.monitor.is_some() {
            self.stop_monitor();
        }
        // Before the close too: it belongs to the socket.
        #[cfg(feature = "draft")]
        drop(self.poller.take());
        if let Some(linger) = self.linger
            && !linger.is_zero()
            && let Some(end) = Instant::now().checked_add(linger)
        {
            self.context.lingers_until(end);
        }
        let _turn = turn(self.takes_turns, &self.context);
        // SAFETY: the socket is open, and nothing uses it afterwards. The call fails only for something that is no socket.
        unsafe { zmq_sys::zmq_close(self.as_ptr()) };
        self.context.dismiss();
    }
}

#[inline]
fn turn(takes_turns: bool, context: &Handle) -> Option<MutexGuard<'_, ()>> {
    takes_turns.then(|| context.turn())
}

pub(super) fn c_string(text: &str) -> Result<CString, Errno> {
    CString::new(text).map_err(|_| Errno::INVALID)
}

pub(super) fn check(result: c_int) -> Result<(), Errno> {
    if result == 0 { Ok(()) } else { Err(Errno::last()) }
}
