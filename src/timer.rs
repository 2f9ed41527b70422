//! Deadlines, on tokio's clock.

use std::panic::catch_unwind;
use std::pin::Pin;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Sleep;

use crate::error::{Error, Unsent};

/// A sleep, or the reason why there can be none here.
pub(crate) fn sleep(socket: &'static str, duration: Duration) -> Result<Pin<Box<Sleep>>, Error> {
    if Handle::try_current().is_err() {
        return Err(Error::NoRuntime { socket, unsent: Unsent::NOTHING });
    }
    // tokio has no question for "is the time driver there?": making a sleep panics where it is not.
    catch_unwind(|| Box::pin(tokio::time::sleep(duration))).map_err(|_| Error::NoDriver {
        socket,
        driver: "time",
        enable: "enable_time",
        unsent: Unsent::NOTHING,
    })
}
