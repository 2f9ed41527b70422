//! [`Options`]: what libzmq says when it is asked.

use std::ffi::c_int;
use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU16;
use std::time::Duration;

use super::stored::Stored;
use super::{Backoff, Heartbeat, Linger, Reconnect, SocksProxy, TcpKeepalive, Ttl, duration};
use crate::core::Core;
use crate::endpoint::{Parsed, Scheme};
use crate::error::Result;
use crate::routing::RoutingId;
use crate::socket::Socket;
use crate::socket_type::{Announces, HasConnections, Heartbeats, Router, SocketType};

/// # Reading options back
impl<T: SocketType, M> Socket<T, M> {
    /// The options as libzmq has them: those that it can be asked for.
    ///
    /// ```
    /// use zmq_typestate::{Context, Hwm, Push};
    ///
    /// let feed = Context::new()?.socket::<Push>()?.send_hwm(Hwm::messages(100)).bind("tcp://127.0.0.1:*")?;
    /// assert_eq!(feed.options().send_hwm()?, Hwm::messages(100));
    /// # Ok::<(), zmq_typestate::Error>(())
    /// ```
    ///
    /// Follows [zmq_getsockopt(3)](https://libzmq.readthedocs.io/en/latest/zmq_getsockopt.html).
    #[doc(alias = "zmq_getsockopt")]
    #[must_use]
    pub fn options(&self) -> Options<'_, T> {
        Options { core: self.core(), socket_type: PhantomData }
    }
}

/// The options of a socket, as libzmq has them; made by [`Socket::options`]. Each has the name by which it is set.
///
/// # Errors
/// [`Error::ContextTerminated`](crate::Error::ContextTerminated) after the end of the context.
///
#[doc = include_str!("table.md")]
pub struct Options<'a, T> {
    core: &'a Core,
    socket_type: PhantomData<fn() -> T>,
}

impl<T: SocketType> Options<'_, T> {
    pub(super) fn read<V: Stored>(&self, number: c_int) -> Result<V> {
        V::read(&self.core.raw, number).map_err(|errno| self.core.failed("zmq_getsockopt", errno))
    }

    fn read_bytes(&self, number: c_int) -> Result<Vec<u8>> {
        let bytes = self.core.raw.get_bytes(number).map_err(|errno| self.core.failed("zmq_getsockopt", errno))?;
        Ok(bytes.to_vec())
    }

    fn read_text(&self, number: c_int) -> Result<String> {
        let text = self.read_bytes(number)?;
        // Without the zero that ends it as C has it.
        Ok(String::from_utf8_lossy(text.strip_suffix(&[0]).unwrap_or(&text)).into_owned())
    }

    /// See [`linger`](Socket::linger).
    #[doc(alias = "ZMQ_LINGER")]
    pub fn linger(&self) -> Result<Linger> {
        Ok(match self.read::<c_int>(17)? {
            0 => Linger::Drop,
            millis @ 1.. => Linger::For(duration(millis)),
            _ => Linger::Forever,
        })
    }

    /// See [`reconnect`](Socket::reconnect).
    #[doc(alias = "ZMQ_RECONNECT_IVL")]
    #[doc(alias = "ZMQ_RECONNECT_IVL_MAX")]
    pub fn reconnect(&self) -> Result<Reconnect>
    where
        T: HasConnections,
    {
        let (first, longest) = (self.read::<c_int>(18)?, self.read::<c_int>(21)?);
        Ok(match first {
            ..=0 => Reconnect::Never,
            _ if longest == 0 => Reconnect::Every(duration(first)),
            _ => Reconnect::Backoff(Backoff { first, longest }),
        })
    }

    /// See [`routing_id`](Socket::routing_id); none where it was not set.
    #[doc(alias = "ZMQ_ROUTING_ID")]
    pub fn routing_id(&self) -> Result<Option<RoutingId<Router>>>
    where
        T: Announces,
    {
        Ok(RoutingId::from_received(&self.read_bytes(5)?).ok())
    }

    /// See [`tcp_keepalive`](Socket::tcp_keepalive); none where it is left to the system.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE")]
    pub fn tcp_keepalive(&self) -> Result<Option<TcpKeepalive>>
    where
        T: HasConnections,
    {
        Ok(match self.read::<c_int>(34)? {
            ..0 => None,
            0 => Some(TcpKeepalive::Off),
            1.. => {
                let set = |value: c_int| u16::try_from(value).ok();
                let time = |value| set(value).map(|seconds| Duration::from_secs(seconds.into()));
                let count = set(self.read(35)?).and_then(NonZeroU16::new);
                Some(TcpKeepalive::On { idle: time(self.read(36)?), interval: time(self.read(37)?), count })
            }
        })
    }

    /// See [`socks_proxy`](Socket::socks_proxy).
    #[doc(alias = "ZMQ_SOCKS_PROXY")]
    pub fn socks_proxy(&self) -> Result<Option<SocksProxy>>
    where
        T: HasConnections,
    {
        let (at, user, password) = (self.read_text(68)?, self.read_text(99)?, self.read_text(100)?);
        let login = (!user.is_empty()).then_some((user, password));
        let proxy =
            SocksProxy { at: Parsed { scheme: Scheme::Tcp, text: format!("tcp://{at}"), context: None }, login };
        Ok((!at.is_empty()).then_some(proxy))
    }

    /// See [`bind_to_device`](Socket::bind_to_device).
    #[doc(alias = "ZMQ_BINDTODEVICE")]
    pub fn bind_to_device(&self) -> Result<Option<String>> {
        let interface = self.read_text(92)?;
        Ok((!interface.is_empty()).then_some(interface))
    }

    /// See [`heartbeat`](Socket::heartbeat); none when it is off.
    #[doc(alias = "ZMQ_HEARTBEAT_IVL")]
    pub fn heartbeat(&self) -> Result<Option<Heartbeat>>
    where
        T: Heartbeats,
    {
        let (interval, timeout, ttl) = (self.read(75)?, self.read(77)?, self.read(76)?);
        let heartbeat = Heartbeat { interval, timeout: Some(timeout), ttl: Ttl::from_millis(ttl) };
        Ok((interval > 0).then_some(heartbeat))
    }
}

impl<T> fmt::Debug for Options<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").finish_non_exhaustive()
    }
}
