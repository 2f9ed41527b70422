//! Everything unsafe: thin, checked wrappers of the C calls, and the waiting on a socket's descriptor.
//!
//! Nothing here knows socket types or modes. The layers above keep the order of calls that ZeroMQ asks for; this one
//! keeps memory safe whatever the order.

mod context;
#[cfg(feature = "draft")]
mod draft;
mod early;
mod errno;
mod frame;
mod interface;
mod monitor;
mod readiness;
mod socket;
#[cfg(feature = "curve")]
pub(crate) mod sodium;
mod thread;

pub(crate) use context::{Context, ContextOption, Handle, Refused, lock};
#[cfg(feature = "draft")]
pub(crate) use draft::GroupName;
pub(crate) use errno::Errno;
pub(crate) use frame::{Frame, Slot};
pub(crate) use interface::{interface_address, try_device};
pub(crate) use monitor::Events;
pub(crate) use readiness::{Direction, Ticket, WaitError};
pub(crate) use socket::{Socket, Value, Wait, wait_for_one_of};
pub(crate) use thread::{Scheduling, try_affinity, try_scheduling};
