use std::alloc::{Layout, handle_alloc_error};
use std::ffi::{CStr, c_void};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr;
use std::slice;

use zmq_sys::zmq_msg_t;

/// One message part: an initialised `zmq_msg_t`, closed on drop.
pub(crate) struct Frame(zmq_msg_t);

// SAFETY: a zmq_msg_t has no tie to a thread; what several of them share is counted atomically by libzmq.
unsafe impl Send for Frame {}
// SAFETY: through `&Frame` only the size and the bytes are read. `share`, which writes a flag, takes `&mut`.
unsafe impl Sync for Frame {}

impl Frame {
    /// So many bytes libzmq keeps inside the message itself; beyond, handing a buffer over costs less than copying it
    /// (measured by `benches/message.rs`, as is the next).
    const INLINE: usize = 33;
    /// Up to here a copy costs less than the box that keeps shared bytes alive.
    #[cfg(feature = "bytes")]
    const COPY_SHARED: usize = 512;

    #[inline]
    pub(crate) fn empty() -> Self {
        let mut msg = MaybeUninit::uninit();
        // SAFETY: zmq_msg_init writes a valid empty message to the place it is given and cannot fail.
        unsafe {
            zmq_sys::zmq_msg_init(msg.as_mut_ptr());
            Self(msg.assume_init())
        }
    }

    #[inline]
    pub(crate) fn copied(bytes: &[u8]) -> Self {
        let mut msg = MaybeUninit::uninit();
        // SAFETY: on success zmq_msg_init_size has made a valid message of that size, whose bytes we may write; the
        // source and the fresh buffer cannot overlap.
        unsafe {
            if zmq_sys::zmq_msg_init_size(msg.as_mut_ptr(), bytes.len()) != 0 {
                out_of_memory(bytes.len());
            }
            let data = zmq_sys::zmq_msg_data(msg.as_mut_ptr()).cast::<u8>();
            ptr::copy_nonoverlapping(bytes.as_ptr(), data, bytes.len());
            Self(msg.assume_init())
        }
    }

    /// Takes over the buffer of a long vector.
    pub(crate) fn from_vec(bytes: Vec<u8>) -> Self {
        unsafe extern "C" fn free(data: *mut c_void, capacity: *mut c_void) {
            // SAFETY: `data` and `capacity` are those of the vector that `from_vec` gave up; length 0 suffices to free.
            drop(unsafe { Vec::<u8>::from_raw_parts(data.cast(), 0, capacity.addr()) });
        }
        if bytes.len() <= Self::INLINE {
            return Self::copied(&bytes);
        }
        let mut bytes = ManuallyDrop::new(bytes);
        let capacity = ptr::without_provenance_mut(bytes.capacity());
        // SAFETY: the buffer lives until `free` is called, once, by whichever thread closes the last reference.
        unsafe { Self::adopt(bytes.as_mut_ptr().cast(), bytes.len(), Some(free), capacity) }
    }

    /// Refers to bytes that live for ever: never copied, nothing to free.
    pub(crate) fn from_static(bytes: &'static [u8]) -> Self {
        // SAFETY: 'static bytes outlive every message; libzmq never writes to a message it sends, and without a free
        // function it keeps no counter.
        unsafe { Self::adopt(bytes.as_ptr().cast_mut().cast(), bytes.len(), None, ptr::null_mut()) }
    }

    /// Shares a long buffer with `bytes`.
    #[cfg(feature = "bytes")]
    pub(crate) fn from_bytes(bytes: bytes::Bytes) -> Self {
        unsafe extern "C" fn free(_: *mut c_void, owner: *mut c_void) {
            // SAFETY: `owner` is the box that `from_bytes` gave up, and libzmq calls this once.
            drop(unsafe { Box::<bytes::Bytes>::from_raw(owner.cast()) });
        }
        if bytes.len() <= Self::COPY_SHARED {
            return Self::copied(&bytes);
        }
        let (data, len) = (bytes.as_ptr().cast_mut(), bytes.len());
        let owner = Box::into_raw(Box::new(bytes)).cast();
        // SAFETY: the bytes stay where they are as long as their owner lives, which is until `free`; libzmq only reads.
        unsafe { Self::adopt(data.cast(), len, Some(free), owner) }
    }

    /// # Safety
    /// `data` must be readable for `len` bytes until `free` has been called (for ever if there is none).
    unsafe fn adopt(
        data: *mut c_void,
        len: usize,
        free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
        hint: *mut c_void,
    ) -> Self {
        let mut msg = MaybeUninit::uninit();
        // SAFETY: the caller vouches for the buffer; on success the message is valid.
        unsafe {
            if zmq_sys::zmq_msg_init_data(msg.as_mut_ptr(), data, len, free, hint) != 0 {
                out_of_memory(len);
            }
            Self(msg.assume_init())
        }
    }

    /// A second reference to the same bytes; short ones are copied.
    pub(crate) fn share(&mut self) -> Self {
        let mut copy = Self::empty();
        // SAFETY: both messages are valid. The call marks the source as shared, hence `&mut self`. It fails only for an
        // invalid source.
        unsafe { zmq_sys::zmq_msg_copy(&mut copy.0, &mut self.0) };
        copy
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        let msg = ptr::from_ref(&self.0);
        // SAFETY: the message is valid; neither call writes to it, though zmq_msg_data lacks the `const`. The bytes live
        // and stay unchanged as long as the message is borrowed.
        unsafe {
            let len = zmq_sys::zmq_msg_size(msg);
            if len == 0 {
                return &[];
            }
            slice::from_raw_parts(zmq_sys::zmq_msg_data(msg.cast_mut()).cast(), len)
        }
    }

    /// What the sender's connection is known by, under this name.
    pub(crate) fn metadata(&self, name: &CStr) -> Option<&str> {
        // SAFETY: the message is valid and only read, the name NUL-terminated. The value, NUL-terminated too, is kept alive
        // by the message.
        let value = unsafe { zmq_sys::zmq_msg_gets(&self.0, name.as_ptr()) };
        if value.is_null() {
            return None;
        }
        // SAFETY: as above.
        unsafe { CStr::from_ptr(value) }.to_str().ok()
    }

    #[inline]
    pub(super) fn as_mut_ptr(&mut self) -> *mut zmq_msg_t {
        &mut self.0
    }
}

impl Drop for Frame {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the message is valid, and nothing uses it afterwards. The call fails only for an invalid message.
        unsafe { zmq_sys::zmq_msg_close(&mut self.0) };
    }
}

/// Where a frame is received: libzmq writes it in place, and it is moved once, which costs more than to write it.
pub(crate) struct Slot {
    msg: MaybeUninit<zmq_msg_t>,
    full: bool,
}

impl Slot {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { msg: MaybeUninit::uninit(), full: false }
    }

    /// Lets `receive` put a frame there; gives whether another part of the same message follows.
    #[inline]
    pub(super) fn fill(&mut self, receive: impl FnOnce(*mut zmq_msg_t) -> bool) -> Option<bool> {
        self.clear();
        // SAFETY: zmq_msg_init writes a valid empty message, which needs no closing until something is received into it.
        unsafe { zmq_sys::zmq_msg_init(self.msg.as_mut_ptr()) };
        self.full = receive(self.msg.as_mut_ptr());
        // SAFETY: the message is valid and only read.
        self.full.then(|| unsafe { zmq_sys::zmq_msg_more(self.msg.as_ptr()) != 0 })
    }

    /// What was received last; empty where nothing was.
    #[inline]
    pub(crate) fn take(&mut self) -> Frame {
        if !std::mem::take(&mut self.full) {
            // SAFETY: as in `fill`.
            unsafe { zmq_sys::zmq_msg_init(self.msg.as_mut_ptr()) };
        }
        // SAFETY: a valid message, which is read this once.
        Frame(unsafe { self.msg.assume_init_read() })
    }

    #[inline]
    fn clear(&mut self) {
        if self.full {
            drop(self.take());
        }
    }
}

impl Drop for Slot {
    #[inline]
    fn drop(&mut self) {
        self.clear();
    }
}

/// Rust's own answer to an allocation that fails, so that building a message cannot fail otherwise.
#[cold]
fn out_of_memory(len: usize) -> ! {
    handle_alloc_error(Layout::array::<u8>(len).unwrap_or(Layout::new::<zmq_msg_t>()))
}
