//! The draft calls of libzmq, which `zmq-sys` does not declare. The build script has seen that they are there.

use std::ffi::{CStr, c_char, c_int, c_long, c_short, c_void};
use std::num::NonZeroU32;
use std::ptr::{self, NonNull};

use zmq_sys::zmq_msg_t;

use super::socket::{c_string, check};
use super::{Errno, Frame, Socket};

unsafe extern "C" {
    fn zmq_join(socket: *mut c_void, group: *const c_char) -> c_int;
    fn zmq_leave(socket: *mut c_void, group: *const c_char) -> c_int;
    fn zmq_connect_peer(socket: *mut c_void, endpoint: *const c_char) -> u32;
    fn zmq_msg_set_routing_id(msg: *mut zmq_msg_t, id: u32) -> c_int;
    fn zmq_msg_routing_id(msg: *mut zmq_msg_t) -> u32;
    fn zmq_msg_set_group(msg: *mut zmq_msg_t, group: *const c_char) -> c_int;
    fn zmq_msg_group(msg: *mut zmq_msg_t) -> *const c_char;
    fn zmq_ctx_set_ext(context: *mut c_void, option: c_int, value: *const c_void, len: usize) -> c_int;
    fn zmq_poller_new() -> *mut c_void;
    fn zmq_poller_destroy(poller: *mut *mut c_void) -> c_int;
    fn zmq_poller_add(poller: *mut c_void, socket: *mut c_void, user_data: *mut c_void, events: c_short) -> c_int;
    fn zmq_poller_wait(poller: *mut c_void, event: *mut Event, timeout: c_long) -> c_int;
    fn zmq_poller_fd(poller: *mut c_void, descriptor: *mut c_int) -> c_int;
}

pub(super) fn set_context_bytes(context: NonNull<c_void>, option: c_int, bytes: &[u8]) -> Result<(), Errno> {
    // SAFETY: the context is valid, the bytes readable; libzmq checks what it expects of them.
    check(unsafe { zmq_ctx_set_ext(context.as_ptr(), option, bytes.as_ptr().cast(), bytes.len()) })
}

/// `zmq_poller_event_t`.
#[repr(C)]
struct Event {
    socket: *mut c_void,
    descriptor: c_int,
    user_data: *mut c_void,
    events: c_short,
}

/// The name of a group, as libzmq keeps it inside of a message: up to 14 bytes, then zeros.
///
/// It takes names of up to 255 bytes, which it then keeps outside of the message. But it copies messages that go to several
/// peers bit by bit, without counting them as owners of that memory: each peer frees it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct GroupName([u8; 15]);

impl GroupName {
    pub(crate) const MAX_LEN: usize = 14;

    /// None for a name that is too long, or has a zero in it.
    pub(crate) const fn new(name: &[u8]) -> Option<Self> {
        if name.len() > Self::MAX_LEN {
            return None;
        }
        let mut bytes = [0; 15];
        let mut at = 0;
        while at < name.len() {
            if name[at] == 0 {
                return None;
            }
            bytes[at] = name[at];
            at += 1;
        }
        Some(Self(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.split(|&byte| byte == 0).next().unwrap_or_default()
    }

    /// Ends with a zero, as C has it.
    fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }
}

impl Socket {
    pub(crate) fn join(&mut self, group: &GroupName) -> Result<(), Errno> {
        let _turn = self.turn();
        // SAFETY: the socket is open and the string NUL-terminated.
        check(unsafe { zmq_join(self.as_ptr(), group.as_ptr()) })
    }

    pub(crate) fn leave(&mut self, group: &GroupName) -> Result<(), Errno> {
        let _turn = self.turn();
        // SAFETY: the socket is open and the string NUL-terminated.
        check(unsafe { zmq_leave(self.as_ptr(), group.as_ptr()) })
    }

    /// Connects, and gives the number under which the peer can be sent to.
    pub(crate) fn connect_peer(&mut self, endpoint: &str) -> Result<NonZeroU32, Errno> {
        let endpoint = c_string(endpoint)?;
        let turn = self.turn();
        // SAFETY: the socket is open and the string NUL-terminated. Zero reports the failure.
        let id = NonZeroU32::new(unsafe { zmq_connect_peer(self.as_ptr(), endpoint.as_ptr()) });
        let id = id.ok_or_else(Errno::last);
        drop(turn);
        self.drain_when_due();
        id
    }
}

impl Frame {
    /// Names the peer of a SERVER or PEER that the message is for.
    pub(crate) fn set_routing_id(&mut self, id: NonZeroU32) {
        // SAFETY: the message is valid. The call fails only for zero.
        unsafe { zmq_msg_set_routing_id(self.as_mut_ptr(), id.get()) };
    }

    /// The peer of a SERVER or PEER that a message came from, or is for.
    pub(crate) fn routing_id(&mut self) -> Option<NonZeroU32> {
        // SAFETY: the message is valid; the call only reads.
        NonZeroU32::new(unsafe { zmq_msg_routing_id(self.as_mut_ptr()) })
    }

    /// False for one that a failed send has destroyed, as a DGRAM without a port does; it is empty then.
    pub(crate) fn is_intact(&mut self) -> bool {
        let mut moved = Self::empty();
        // SAFETY: `moved` is valid; for a source that is not, the call fails and changes nothing.
        let intact = unsafe { zmq_sys::zmq_msg_move(moved.as_mut_ptr(), self.as_mut_ptr()) } == 0;
        // The one left behind is dropped: closing a destroyed message is an error that changes nothing.
        std::mem::swap(self, &mut moved);
        intact
    }

    /// Names the group that the message of a RADIO is for.
    pub(crate) fn set_group(&mut self, group: &GroupName) {
        // libzmq would write over the pointer to a name outside.
        self.take_in_group();
        // SAFETY: the message is valid and its group, if it has one, lies inside of it; the string is NUL-terminated. The
        // call fails only for names of more than 255 bytes.
        unsafe { zmq_msg_set_group(self.as_mut_ptr(), group.as_ptr()) };
    }

    /// The group that a message came for, or is for; empty without one.
    pub(crate) fn group(&mut self) -> &[u8] {
        // SAFETY: the message is valid and the call only reads; the name, NUL-terminated, lives in the message or is kept
        // alive by it.
        unsafe { CStr::from_ptr(zmq_msg_group(self.as_mut_ptr())) }.to_bytes()
    }

    /// The group of a message that a DISH has received, which then has none outside of itself. Not its length says where a
    /// name lies: a stranger's may be long, and have a zero after its first bytes.
    pub(crate) fn receive_group(&mut self) -> Option<GroupName> {
        let group = GroupName::new(self.group());
        self.take_in_group();
        group
    }

    /// Drops a group whose name lies outside of the message: its bytes move to a new one.
    fn take_in_group(&mut self) {
        let inside = ptr::from_ref(self).addr()..ptr::from_ref(self).addr() + size_of::<zmq_msg_t>();
        if !inside.contains(&self.group().as_ptr().addr()) {
            *self = Self::copied(self.as_slice());
        }
    }
}

/// What signals a thread-safe socket, which has no descriptor of its own.
///
/// Each time that commands come for a socket which had none left to read, libzmq writes one signal to the descriptor. It
/// takes one back a call of `zmq_poller_wait`, and nothing else does; a few hundred that nobody takes abort the process.
pub(super) struct Poller {
    ptr: NonNull<c_void>,
    descriptor: c_int,
    /// Calls since the signals were last taken. None leaves more than three.
    calls: u32,
}

// SAFETY: it may move between threads as its socket may; both are used by one thread at a time.
unsafe impl Send for Poller {}

impl Poller {
    /// So many calls may pass: 3 signals each are well below what a socket pair holds.
    const CALLS: u32 = 32;
    /// More than it holds.
    const AT_MOST: u32 = 1000;

    /// Begins to signal what happens to the socket, which must outlive it.
    pub(super) fn new(socket: &Socket) -> Result<Self, Errno> {
        // SAFETY: no preconditions; NULL reports the failure.
        let ptr = NonNull::new(unsafe { zmq_poller_new() }).ok_or_else(Errno::last)?;
        let mut poller = Self { ptr, descriptor: -1, calls: 0 };
        let events = (zmq::POLLIN | zmq::POLLOUT).bits();
        // SAFETY: poller and socket are valid, and the poller is destroyed before the socket is closed.
        check(unsafe { zmq_poller_add(ptr.as_ptr(), socket.as_ptr(), ptr::null_mut(), events) })?;
        // SAFETY: the poller has a thread-safe socket, and so a descriptor.
        check(unsafe { zmq_poller_fd(ptr.as_ptr(), &mut poller.descriptor) })?;
        Ok(poller)
    }

    pub(super) fn descriptor(&self) -> c_int {
        self.descriptor
    }

    /// Counts a call on the socket; true when it is time to drain.
    pub(super) fn is_due(&mut self) -> bool {
        self.calls += 1;
        self.calls >= Self::CALLS
    }

    /// Takes the signals that are there; true if there were any. It also makes the socket process its commands.
    pub(super) fn drain(&mut self) -> bool {
        self.calls = 0;
        let mut signals = 0;
        while signals < Self::AT_MOST && self.is_signalled() {
            let mut event = Event { socket: ptr::null_mut(), descriptor: 0, user_data: ptr::null_mut(), events: 0 };
            // SAFETY: the poller is valid, the event writable. What it finds out is asked again by the caller.
            unsafe { zmq_poller_wait(self.ptr.as_ptr(), &mut event, 0) };
            signals += 1;
        }
        signals > 0
    }

    fn is_signalled(&self) -> bool {
        zmq::poll(&mut [zmq::PollItem::from_fd(self.descriptor, zmq::POLLIN)], 0).is_ok_and(|ready| ready > 0)
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        let mut ptr = self.ptr.as_ptr();
        // SAFETY: the poller is valid and its socket still open; nothing uses it afterwards.
        unsafe { zmq_poller_destroy(&mut ptr) };
    }
}
