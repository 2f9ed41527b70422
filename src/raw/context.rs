use std::any::Any;
use std::ffi::{c_int, c_void};
use std::mem::ManuallyDrop;
use std::process;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::early::Early;
use super::socket::check;
use super::{Errno, Value};

/// A libzmq context that can be ended while clones of it are still held.
pub(crate) struct Context {
    /// `None` once [`Context::end`] has been called. Sockets hold the handle too: the last owner terminates.
    handle: Mutex<Option<Arc<Handle>>>,
    ended: watch::Receiver<Option<bool>>,
    /// What is there for as long as the context, with sockets of its own.
    companion: Mutex<Option<Companion>>,
}

type Companion = Arc<dyn Any + Send + Sync>;

/// The C context. Dropping the last reference, which is never earlier than the last socket's close, terminates it on a
/// thread of its own, because that takes as long as undelivered messages linger.
pub(crate) struct Handle {
    ptr: NonNull<c_void>,
    lingers: Mutex<Lingers>,
    turns: Mutex<()>,
    /// How many sockets are open, and may be.
    sockets: AtomicUsize,
    early: Mutex<Early>,
    max_sockets: usize,
    ended: watch::Sender<Option<bool>>,
}

/// When the lingers of closed sockets run out; from [`Context::end`] on, none is forgotten.
#[derive(Default)]
struct Lingers {
    ending: bool,
    ends: Vec<Instant>,
}

impl Lingers {
    fn forget_the_past(&mut self) {
        let now = Instant::now();
        self.ends.retain(|end| *end > now);
    }
}

/// libzmq counts by a clock of whole milliseconds, which it reads anew only now and then: its lingers may end so much early.
const EARLY: Duration = Duration::from_millis(5);

/// An option of a context, by its name and number in libzmq.
pub(crate) struct ContextOption {
    pub(crate) name: &'static str,
    pub(crate) number: c_int,
    pub(crate) value: Value,
}

/// Why there is no context: the option, if it was one.
pub(crate) struct Refused<'a>(pub(crate) Option<&'a ContextOption>, pub(crate) Errno);

impl ContextOption {
    fn set(&self, context: NonNull<c_void>) -> Result<(), Errno> {
        match &self.value {
            // SAFETY: the context is valid; libzmq checks number and value.
            Value::Int(value) => check(unsafe { zmq_sys::zmq_ctx_set(context.as_ptr(), self.number, *value) }),
            #[cfg(feature = "draft")]
            Value::Bytes(bytes) => super::draft::set_context_bytes(context, self.number, bytes),
            _ => Err(Errno::INVALID),
        }
    }
}

// SAFETY: a libzmq context may be used from any number of threads.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl Context {
    /// A context with these options, of which all come before its first socket.
    ///
    /// libzmq is given more room than is asked for, because it counts closed sockets too, for as long as it keeps them.
    pub(crate) fn new(options: &[ContextOption], max_sockets: u16) -> Result<Arc<Self>, Refused<'_>> {
        // SAFETY: no preconditions; NULL reports the failure.
        let ptr = NonNull::new(unsafe { zmq_sys::zmq_ctx_new() }).ok_or_else(|| Refused(None, Errno::last()))?;
        let room = i32::from(max_sockets).saturating_mul(2).saturating_add(16).min(65_535);
        // It takes every number from 1 to that.
        // SAFETY: the context is valid.
        unsafe { zmq_sys::zmq_ctx_set(ptr.as_ptr(), zmq_sys::ZMQ_MAX_SOCKETS as c_int, room) };
        for option in options {
            if let Err(errno) = option.set(ptr) {
                // SAFETY: the context is valid, has no sockets, and is not used afterwards.
                unsafe { zmq_sys::zmq_ctx_term(ptr.as_ptr()) };
                return Err(Refused(Some(option), errno));
            }
        }
        let (sender, ended) = watch::channel(None);
        let handle = Handle {
            ptr,
            lingers: Mutex::default(),
            turns: Mutex::default(),
            sockets: AtomicUsize::new(0),
            early: Mutex::default(),
            max_sockets: max_sockets.into(),
            ended: sender,
        };
        let context = Arc::new(Self { handle: Mutex::new(Some(Arc::new(handle))), ended, companion: Mutex::default() });
        at_exit::watch(&context);
        Ok(context)
    }

    /// The live context, for a socket to hold; `None` after [`Context::end`].
    pub(crate) fn handle(&self) -> Option<Arc<Handle>> {
        lock(&self.handle).clone()
    }

    /// Makes every call on the context's sockets fail with `ETERM`, and no new sockets.
    pub(crate) fn shutdown(&self) {
        if let Some(handle) = self.handle() {
            lock(&handle.early).settle();
            // SAFETY: the handle keeps the context alive. Repeating the call is allowed.
            unsafe { zmq_sys::zmq_ctx_shutdown(handle.ptr.as_ptr()) };
        }
    }

    /// Lets go of the context: it terminates when its last socket is closed. The receiver then tells whether that was
    /// before any linger, still running now, ran out.
    pub(crate) fn end(&self) -> watch::Receiver<Option<bool>> {
        self.shutdown();
        if let Some(handle) = lock(&self.handle).take() {
            let mut lingers = lock(&handle.lingers);
            lingers.forget_the_past();
            lingers.ending = true;
        }
        self.drop_companion();
        self.ended.clone()
    }

    /// What to put here for the context to keep. After [`Context::end`], which is when [`handle`](Self::handle) gives none
    /// any more, nobody would drop it.
    pub(crate) fn companion(&self) -> MutexGuard<'_, Option<Companion>> {
        lock(&self.companion)
    }

    fn drop_companion(&self) {
        let companion = lock(&self.companion).take();
        // Not under the lock: it is foreign code.
        drop(companion);
    }
}

impl Handle {
    pub(super) fn as_ptr(&self) -> *mut c_void {
        self.ptr.as_ptr()
    }

    /// Counts one socket more, if there may be one.
    pub(super) fn admit(&self) -> Result<(), Errno> {
        let more = |there| (there < self.max_sockets).then_some(there + 1);
        match self.sockets.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(()),
            Err(_) => Err(Errno::TOO_MANY),
        }
    }

    /// To be held over a connect to an inproc endpoint that nobody has bound.
    pub(crate) fn await_binder(&self, endpoint: &str) -> Result<MutexGuard<'_, Early>, Errno> {
        let mut early = lock(&self.early);
        early.await_binder(self.ptr, endpoint)?;
        Ok(early)
    }

    /// Who was awaited at this inproc endpoint has come.
    pub(crate) fn bound(&self, endpoint: &str) {
        lock(&self.early).bound(endpoint);
    }

    /// Counts one less.
    pub(super) fn dismiss(&self) {
        self.sockets.fetch_sub(1, Ordering::Relaxed);
    }

    /// Waits until no other socket that takes turns is in a call.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        lock(&self.turns)
    }

    /// Notes until when a socket that is now closed may go on delivering.
    pub(super) fn lingers_until(&self, end: Instant) {
        let mut lingers = lock(&self.lingers);
        if !lingers.ending {
            lingers.forget_the_past();
        }
        lingers.ends.push(end);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let job = at_exit::Termination::begin(self);
        // In a cell of two owners, because a thread that cannot be had does not give its closure back.
        let job = Arc::new(Mutex::new(Some(job)));
        let run = |job: &Mutex<Option<at_exit::Termination>>| {
            if let Some(job) = lock(job).take() {
                job.run();
            }
        };
        let theirs = job.clone();
        if thread::Builder::new().name("zmq-terminate".into()).spawn(move || run(&theirs)).is_err() {
            run(&job);
        }
    }
}

/// Also after a panic: what is kept under these locks is whole at any time.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What lets a program leave `main` right after a send: the C runtime calls back on exit, and the callback waits for
/// every context that is still delivering. Each ends by itself, at the latest when its lingers have run out.
mod at_exit {
    use super::*;

    static RUNNING: Mutex<usize> = Mutex::new(0);
    static FINISHED: Condvar = Condvar::new();
    static CONTEXTS: Mutex<Vec<Weak<Context>>> = Mutex::new(Vec::new());
    static PROCESS: Mutex<Option<u32>> = Mutex::new(None);

    /// One context's termination, counted from its beginning to its end.
    pub(super) struct Termination {
        ptr: NonNull<c_void>,
        lingers: Vec<Instant>,
        ended: watch::Sender<Option<bool>>,
    }

    // SAFETY: the context is terminated by exactly one thread, after every other use of it.
    unsafe impl Send for Termination {}

    impl Termination {
        pub(super) fn begin(handle: &mut Handle) -> Self {
            *lock(&RUNNING) += 1;
            lock(&handle.early).settle();
            let lingers = std::mem::take(&mut lock(&handle.lingers).ends);
            Self { ptr: handle.ptr, lingers, ended: handle.ended.clone() }
        }

        pub(super) fn run(self) {
            // SAFETY: the last handle is gone, so neither a socket nor a call can reach the context any more. EINTR asks
            // for a repetition; every other failure means that there is nothing left to end.
            while unsafe { zmq_sys::zmq_ctx_term(self.ptr.as_ptr()) } != 0 && Errno::last() == Errno::INTERRUPTED {}
            let now = Instant::now() + EARLY;
            self.ended.send_replace(Some(self.lingers.iter().all(|end| *end > now)));
            *lock(&RUNNING) -= 1;
            FINISHED.notify_all();
        }
    }

    /// Has the exit handler look after a context that nobody drops, such as one in a `static`.
    pub(super) fn watch(context: &Arc<Context>) {
        unsafe extern "C" {
            fn atexit(callback: extern "C" fn()) -> std::ffi::c_int;
        }
        static REGISTER: Once = Once::new();
        REGISTER.call_once(|| {
            *lock(&PROCESS) = Some(process::id());
            // SAFETY: the callback is a static function that does not unwind. A refusal (no memory) only loses the wait.
            unsafe { atexit(deliver) };
        });
        let mut contexts = lock(&CONTEXTS);
        contexts.retain(|context| context.strong_count() > 0);
        contexts.push(Arc::downgrade(context));
    }

    extern "C" fn deliver() {
        // A forked child has none of the threads that it would wait for.
        if *lock(&PROCESS) != Some(process::id()) {
            return;
        }
        for context in std::mem::take(&mut *lock(&CONTEXTS)).iter().filter_map(Weak::upgrade) {
            let handle = lock(&context.handle).take();
            context.drop_companion();
            // A context whose sockets another thread still uses cannot be ended under it: `into_inner` says so.
            if let Some(handle) = handle.and_then(Arc::into_inner) {
                // Not through `Drop`: threads are not started from an exit handler.
                Termination::begin(&mut ManuallyDrop::new(handle)).run();
            }
        }
        let mut running = lock(&RUNNING);
        while *running > 0 {
            running = FINISHED.wait(running).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
