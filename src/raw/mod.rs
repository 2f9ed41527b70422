//! Everything unsafe: thin, checked wrappers of the C calls, and the waiting on a socket's descriptor.
//!
//! Nothing here knows socket types or modes. The layers above keep the order of calls that ZeroMQ asks for; this one
//! keeps memory safe whatever the order.

mod context;
#[cfg(feature = "draft")]
mod draft;
mod errno;
mod frame;
mod readiness;
mod socket;

pub(crate) use context::{Context, Handle};
#[cfg(feature = "draft")]
pub(crate) use draft::GroupName;
pub(crate) use errno::Errno;
pub(crate) use frame::Frame;
pub(crate) use readiness::{Direction, Ticket, WaitError};
#[cfg(feature = "draft")]
pub(crate) use socket::wait_for_one_of;
pub(crate) use socket::{Socket, Value, Wait};
