use std::fmt;
use std::io;

/// An error number of the system or of libzmq, which adds a few of its own above the system's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Errno(i32);

impl Errno {
    pub(crate) const AGAIN: Self = Self(zmq_sys::errno::EAGAIN);
    pub(crate) const INTERRUPTED: Self = Self(zmq_sys::errno::EINTR);
    pub(crate) const INVALID: Self = Self(zmq_sys::errno::EINVAL);
    pub(crate) const MESSAGE_TOO_LONG: Self = Self(zmq_sys::errno::EMSGSIZE);
    #[cfg(feature = "draft")]
    pub(crate) const NOT_CONNECTED: Self = Self(zmq_sys::errno::ENOTCONN);
    pub(crate) const NOT_FOUND: Self = Self(zmq_sys::errno::ENOENT);
    pub(crate) const TERMINATED: Self = Self(zmq_sys::errno::ETERM);
    pub(crate) const TOO_MANY: Self = Self(zmq_sys::errno::EMFILE);
    /// A peer of a conflating socket has sent several frames.
    pub(crate) const SEVERAL_FRAMES: Self = Self(libc::EPROTO);
    pub(crate) const UNREACHABLE: Self = Self(zmq_sys::errno::EHOSTUNREACH);

    pub(crate) fn from_raw(errno: i32) -> Self {
        Self(errno)
    }

    /// The error that the last libzmq call of this thread left behind.
    pub(crate) fn last() -> Self {
        // SAFETY: reads a thread-local number; it has no preconditions.
        Self(unsafe { zmq_sys::zmq_errno() })
    }
}

impl From<Errno> for io::Error {
    fn from(errno: Errno) -> Self {
        // The numbers above the system's are libzmq's own: only it can name them.
        const FIRST_OF_LIBZMQ: i32 = 156_384_712;
        if errno.0 < FIRST_OF_LIBZMQ {
            io::Error::from_raw_os_error(errno.0)
        } else {
            io::Error::other(errno.to_string())
        }
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: zmq_strerror answers every number with a static, NUL-terminated string.
        let text = unsafe { std::ffi::CStr::from_ptr(zmq_sys::zmq_strerror(self.0)) };
        f.write_str(&text.to_string_lossy())
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Errno({}: {self})", self.0)
    }
}
