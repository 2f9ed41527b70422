//! What a receive gives, by socket type.

use crate::core::{Arrival, Core};
use crate::error::Error;
use crate::message::{Message, Multipart};

/// What one receive of a socket gives: a [`Message`], a [`Multipart`], either with its sender's
/// [`RoutingId`](crate::RoutingId), or an event.
pub trait Incoming: sealed::Incoming {
    /// The same for a message of any number of frames.
    type Whole: Incoming;
}

pub(crate) mod sealed {
    use super::{Arrival, Core, Error};

    #[diagnostic::on_unimplemented(message = "what sockets receive is fixed: `{Self}` cannot be among it")]
    pub trait Incoming: Sized + Send {
        #[doc(hidden)]
        #[allow(private_interfaces, reason = "sealed: only this crate calls or implements it")]
        fn from_arrival(core: &mut Core, arrival: Arrival) -> Result<Self, Error>;
    }
}

impl Incoming for Message {
    type Whole = Multipart;
}

#[allow(private_interfaces, reason = "sealed")]
impl sealed::Incoming for Message {
    #[inline]
    fn from_arrival(core: &mut Core, arrival: Arrival) -> Result<Self, Error> {
        match arrival {
            Arrival { first, rest } if rest.is_empty() => Ok(first),
            several => Err(unexpected(core, several.into_multipart())),
        }
    }
}

impl Incoming for Multipart {
    type Whole = Multipart;
}

#[allow(private_interfaces, reason = "sealed")]
impl sealed::Incoming for Multipart {
    fn from_arrival(_: &mut Core, arrival: Arrival) -> Result<Self, Error> {
        Ok(arrival.into_multipart())
    }
}

/// Several frames, where one was expected.
#[cold]
pub(crate) fn unexpected(core: &Core, message: Multipart) -> Error {
    Error::UnexpectedMultipart { socket: core.kind.name, message: Box::new(message) }
}
