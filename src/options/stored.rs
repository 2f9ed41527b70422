//! How values are handed to libzmq, and read back.

use std::ffi::c_int;
#[cfg(feature = "draft")]
use std::num::NonZeroU8;
use std::num::{NonZeroU32, NonZeroU64};
use std::time::Duration;

#[cfg(feature = "draft")]
use super::{BatchSize, Priority};
use super::{Hwm, Metadata, ReconnectStop, Timeout, duration, millis};
use crate::message::Message;
use crate::raw::{Errno, Socket, Value};
use crate::routing::{Name, RoutingId};
use crate::socket_type::Router;

pub(super) trait Stored: Sized {
    fn encode(self) -> Value;

    /// Asks libzmq, where it can be asked.
    fn read(_: &Socket, _: c_int) -> Result<Self, Errno> {
        Err(Errno::INVALID)
    }
}

impl Stored for c_int {
    fn encode(self) -> Value {
        Value::Int(self)
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        raw.get_int(option)
    }
}

impl Stored for bool {
    fn encode(self) -> Value {
        Value::Int(self.into())
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        Ok(raw.get_int(option)? != 0)
    }
}

impl Stored for u8 {
    fn encode(self) -> Value {
        Value::Int(self.into())
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        Ok(raw.get_int(option)?.try_into().unwrap_or(Self::MAX))
    }
}

/// The numbers of users and groups: libzmq takes them as they are.
impl Stored for u32 {
    fn encode(self) -> Value {
        Value::Int(self.cast_signed())
    }
}

impl Stored for NonZeroU32 {
    fn encode(self) -> Value {
        Value::Int(self.get().try_into().unwrap_or(c_int::MAX))
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        Ok(Self::new(raw.get_int(option)?.cast_unsigned()).unwrap_or(Self::MIN))
    }
}

/// A size of the system's: -1 is as it has it.
impl Stored for Option<NonZeroU32> {
    fn encode(self) -> Value {
        self.map_or(Value::Int(-1), Stored::encode)
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        Ok(u32::try_from(raw.get_int(option)?).ok().and_then(NonZeroU32::new))
    }
}

#[cfg(feature = "draft")]
impl Stored for NonZeroU8 {
    fn encode(self) -> Value {
        Value::Int(self.get().into())
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        Ok(u8::read(raw, option).map(Self::new)?.unwrap_or(Self::MIN))
    }
}

/// A mask: 0 is all.
impl Stored for Option<NonZeroU64> {
    fn encode(self) -> Value {
        Value::Wide(self.map_or(0, NonZeroU64::get).to_ne_bytes())
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        Ok(NonZeroU64::new(u64::from_ne_bytes(raw.get_wide(option)?)))
    }
}

/// A size: -1 is no limit.
impl Stored for Option<u64> {
    fn encode(self) -> Value {
        // Less would not let the handshake pass.
        Value::Wide(self.map_or(-1, |size| size.max(1024).try_into().unwrap_or(i64::MAX)).to_ne_bytes())
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        Ok(i64::from_ne_bytes(raw.get_wide(option)?).try_into().ok())
    }
}

/// A time: 0 is no limit, or the system's.
impl Stored for Option<Duration> {
    fn encode(self) -> Value {
        Value::Int(self.map_or(0, millis))
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        let millis = raw.get_int(option)?;
        Ok((millis > 0).then(|| duration(millis)))
    }
}

impl Stored for Timeout {
    fn encode(self) -> Value {
        Value::Int(match self {
            Timeout::Never => -1,
            Timeout::After(time) => millis(time),
        })
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        let millis = raw.get_int(option)?;
        Ok(if millis < 0 { Timeout::Never } else { Timeout::After(duration(millis)) })
    }
}

impl Stored for Hwm {
    fn encode(self) -> Value {
        Value::Int(match self {
            Hwm::Messages(limit) => c_int::try_from(limit.get()).unwrap_or(c_int::MAX),
            Hwm::Unlimited => 0,
        })
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        let limit = NonZeroU32::new(raw.get_int(option)?.cast_unsigned());
        Ok(limit.map_or(Hwm::Unlimited, Hwm::Messages))
    }
}

impl Stored for Option<ReconnectStop> {
    fn encode(self) -> Value {
        Value::Int(match self {
            None => 0,
            Some(ReconnectStop::ConnectionRefused) => 1,
            Some(ReconnectStop::HandshakeFailed) => 2,
        })
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        Ok(match raw.get_int(option)? {
            1 => Some(ReconnectStop::ConnectionRefused),
            2 => Some(ReconnectStop::HandshakeFailed),
            _ => None,
        })
    }
}

impl Stored for Name {
    fn encode(self) -> Value {
        Value::Bytes(self[..].into())
    }
}

impl From<&RoutingId<Router>> for Name {
    fn from(id: &RoutingId<Router>) -> Self {
        id.id().clone()
    }
}

impl Stored for Message {
    fn encode(self) -> Value {
        Value::Bytes(self[..].into())
    }
}

impl Stored for Metadata {
    fn encode(self) -> Value {
        Value::Bytes(self.0.into_bytes().into())
    }
}

#[cfg(feature = "draft")]
impl Stored for BatchSize {
    fn encode(self) -> Value {
        self.0.encode()
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        NonZeroU32::read(raw, option).map(Self)
    }
}

#[cfg(feature = "draft")]
impl Stored for Priority {
    fn encode(self) -> Value {
        self.0.encode()
    }

    fn read(raw: &Socket, option: c_int) -> Result<Self, Errno> {
        u8::read(raw, option).map(Self)
    }
}
