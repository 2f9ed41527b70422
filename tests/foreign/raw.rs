//! libzmq's own calls, for the end that does without this crate: blocking, and with a panic for each failure.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use zmq_sys::{ZMQ_LAST_ENDPOINT, ZMQ_LINGER, ZMQ_RCVHWM, ZMQ_RCVTIMEO, ZMQ_SNDHWM, ZMQ_SNDMORE, zmq_msg_t};

// `zmq-sys` does not declare the draft calls.
unsafe extern "C" {
    fn zmq_join(socket: *mut c_void, group: *const c_char) -> c_int;
    fn zmq_connect_peer(socket: *mut c_void, endpoint: *const c_char) -> u32;
    fn zmq_msg_set_routing_id(msg: *mut zmq_msg_t, id: u32) -> c_int;
    fn zmq_msg_routing_id(msg: *mut zmq_msg_t) -> u32;
    fn zmq_msg_set_group(msg: *mut zmq_msg_t, group: *const c_char) -> c_int;
    fn zmq_msg_group(msg: *mut zmq_msg_t) -> *const c_char;
}

/// Whom a message is for, or is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    Anybody,
    Id(u32),
    Group(String),
}

/// A socket, alone in its context. It is used by the thread that has made it.
pub struct Raw {
    context: *mut c_void,
    socket: *mut c_void,
}

/// For a result that says by -1 (or a number by 0) that the call has failed.
fn check(failed: bool) {
    // SAFETY: no preconditions; the text is static.
    assert!(!failed, "{:?}", unsafe { CStr::from_ptr(zmq_sys::zmq_strerror(zmq_sys::zmq_errno())) });
}

impl Raw {
    /// Closed without delay.
    pub fn new(kind: &str) -> Self {
        let kinds = ["SERVER", "CLIENT", "RADIO", "DISH", "GATHER", "SCATTER", "DGRAM", "PEER", "CHANNEL"];
        let kind = 12 + kinds.iter().position(|&name| name == kind).unwrap() as c_int;
        // SAFETY: no preconditions.
        let context = unsafe { zmq_sys::zmq_ctx_new() };
        check(context.is_null());
        // SAFETY: the context is valid.
        let socket = unsafe { zmq_sys::zmq_socket(context, kind) };
        check(socket.is_null());
        let raw = Self { context, socket };
        raw.set(ZMQ_LINGER, 0);
        raw
    }

    fn set(&self, option: u32, value: c_int) {
        let value = ptr::from_ref(&value).cast();
        // SAFETY: the socket is open, and these options are of the type `int`.
        check(unsafe { zmq_sys::zmq_setsockopt(self.socket, option as c_int, value, size_of::<c_int>()) } != 0);
    }

    pub fn set_no_limit(&self) {
        self.set(ZMQ_SNDHWM, 0);
        self.set(ZMQ_RCVHWM, 0);
    }

    /// Receives wait so long, in milliseconds.
    pub fn set_patience(&self, milliseconds: c_int) {
        self.set(ZMQ_RCVTIMEO, milliseconds);
    }

    /// The endpoint that was bound.
    pub fn bind(&self, endpoint: &str) -> String {
        let endpoint = CString::new(endpoint).unwrap();
        // SAFETY: the socket is open, the string NUL-terminated.
        check(unsafe { zmq_sys::zmq_bind(self.socket, endpoint.as_ptr()) } != 0);
        let mut bytes = [0u8; 256];
        let mut len = bytes.len();
        let last = ZMQ_LAST_ENDPOINT as c_int;
        // SAFETY: the buffer is writable, and `len` is its length.
        check(unsafe { zmq_sys::zmq_getsockopt(self.socket, last, bytes.as_mut_ptr().cast(), &mut len) } != 0);
        CStr::from_bytes_until_nul(&bytes).unwrap().to_str().unwrap().into()
    }

    pub fn connect(&self, endpoint: &str) {
        let endpoint = CString::new(endpoint).unwrap();
        // SAFETY: the socket is open, the string NUL-terminated.
        check(unsafe { zmq_sys::zmq_connect(self.socket, endpoint.as_ptr()) } != 0);
    }

    pub fn connect_peer(&self, endpoint: &str) -> u32 {
        let endpoint = CString::new(endpoint).unwrap();
        // SAFETY: the socket is open, the string NUL-terminated.
        let id = unsafe { zmq_connect_peer(self.socket, endpoint.as_ptr()) };
        check(id == 0);
        id
    }

    pub fn join(&self, group: &str) {
        let group = CString::new(group).unwrap();
        // SAFETY: the socket is open, the string NUL-terminated.
        check(unsafe { zmq_join(self.socket, group.as_ptr()) } != 0);
    }

    pub fn send(&self, whom: &Whom, bytes: &[u8]) {
        self.send_frame(whom, bytes, 0);
    }

    /// Of a message of two frames.
    pub fn send_first(&self, bytes: &[u8]) {
        self.send_frame(&Whom::Anybody, bytes, ZMQ_SNDMORE as c_int);
    }

    fn send_frame(&self, whom: &Whom, bytes: &[u8], flags: c_int) {
        let mut message = MaybeUninit::uninit();
        let message = message.as_mut_ptr();
        // SAFETY: the first call makes the message, of that many bytes, which are then written; the last one takes it.
        unsafe {
            check(zmq_sys::zmq_msg_init_size(message, bytes.len()) != 0);
            ptr::copy_nonoverlapping(bytes.as_ptr(), zmq_sys::zmq_msg_data(message).cast(), bytes.len());
            match whom {
                Whom::Anybody => {}
                Whom::Id(id) => check(zmq_msg_set_routing_id(message, *id) != 0),
                Whom::Group(group) => {
                    let group = CString::new(group.as_str()).unwrap();
                    check(zmq_msg_set_group(message, group.as_ptr()) != 0);
                }
            }
            check(zmq_sys::zmq_msg_send(message, self.socket, flags) < 0);
        }
    }

    /// A frame, and whom it is from; nothing where the patience is at its end.
    pub fn receive(&self) -> Option<(Whom, Vec<u8>)> {
        let mut message = MaybeUninit::uninit();
        let message = message.as_mut_ptr();
        // SAFETY: the first call makes the message, the last one ends it; in between it is valid, and what it points to.
        unsafe {
            zmq_sys::zmq_msg_init(message);
            if zmq_sys::zmq_msg_recv(message, self.socket, 0) < 0 {
                check(zmq_sys::zmq_errno() != libc::EAGAIN);
                return None;
            }
            let whom = match (zmq_msg_routing_id(message), CStr::from_ptr(zmq_msg_group(message)).to_str().unwrap()) {
                (0, "") => Whom::Anybody,
                (0, group) => Whom::Group(group.into()),
                (id, _) => Whom::Id(id),
            };
            let mut bytes = vec![0; zmq_sys::zmq_msg_size(message)];
            ptr::copy_nonoverlapping(zmq_sys::zmq_msg_data(message).cast(), bytes.as_mut_ptr(), bytes.len());
            zmq_sys::zmq_msg_close(message);
            Some((whom, bytes))
        }
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // SAFETY: both are valid, and nothing uses them afterwards.
        unsafe {
            zmq_sys::zmq_close(self.socket);
            zmq_sys::zmq_ctx_term(self.context);
        }
    }
}
