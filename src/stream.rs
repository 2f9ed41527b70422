//! STREAM: the connections of plain TCP.

use crate::core::{Arrival, Core, Outgoing};
use crate::error::{Error, Result};
use crate::future::{Access, Sending};
use crate::incoming::{Incoming, sealed};
use crate::message::Message;
use crate::mode::Attached;
use crate::raw::Wait;
use crate::routing::{Name, ReceiverOf, Routes, RoutingId, receiver, sender};
use crate::socket::Socket;
use crate::socket_type::Stream;

#[diagnostic::do_not_recommend]
impl Routes for Stream {
    type Id = Name;
}

#[diagnostic::do_not_recommend]
impl ReceiverOf<Stream> for RoutingId<Stream> {}

#[allow(private_interfaces, reason = "sealed")]
impl receiver::Named for RoutingId<Stream> {
    fn address(&self, _: &Core, message: Message) -> Result<Outgoing> {
        if message.is_empty() {
            // It would close the connection.
            return Err(Error::EmptyData { peer: self.to_string() });
        }
        Ok(Outgoing::To(self.id().clone(), message.into()))
    }
}

/// # STREAM: connections
impl<M> Socket<Stream, M> {
    /// Closes the connection of a peer; done when it is closed. One that is closed already stays so.
    ///
    /// # Cancel safety
    /// Dropping the future may leave the connection open, or closing: it then ends as the socket goes on being used.
    ///
    /// ```
    /// use tokio::io::AsyncReadExt;
    /// use tokio::net::TcpStream;
    /// use zmq_typestate::{Context, Stream, StreamEvent};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut server = Context::new()?.socket::<Stream>()?.bind("tcp://127.0.0.1:*")?;
    /// let port = server.address().port().unwrap_or(0);
    /// let mut client = TcpStream::connect(("127.0.0.1", port)).await?;
    ///
    /// let StreamEvent::Connected(peer) = server.recv().await? else { panic!("not connected") };
    /// server.close_peer(&peer).await?;
    /// assert_eq!(client.read(&mut [0]).await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn close_peer(&mut self, peer: &RoutingId<Stream>) -> Sending<'_>
    where
        M: Attached,
    {
        Sending::new(Access::Whole(self.core_mut()), Outgoing::Close(peer.id().clone()))
    }

    /// As [`close_peer`](Self::close_peer), blocking the thread while it waits.
    pub fn blocking_close_peer(&mut self, peer: &RoutingId<Stream>) -> Result<()>
    where
        M: Attached,
    {
        self.core_mut().send(Outgoing::Close(peer.id().clone()), Wait::Forever)
    }
}

/// What happens on the connections of a [`Stream`].
///
/// A connection's bytes come in pieces of any size: TCP has no messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// A peer has connected, or was connected to.
    Connected(RoutingId<Stream>),
    /// Bytes from a peer; never none.
    Data(RoutingId<Stream>, Message),
    /// The connection has ended.
    Disconnected(RoutingId<Stream>),
}

impl Incoming for StreamEvent {
    type Whole = Self;
}

#[allow(private_interfaces, reason = "sealed")]
impl sealed::Incoming for StreamEvent {
    fn from_arrival(core: &mut Core, arrival: Arrival) -> Result<Self, Error> {
        let (peer, mut frames) = sender::<Stream>(arrival);
        let data = frames.pop_front().unwrap_or_default();
        Ok(if !data.is_empty() {
            StreamEvent::Data(peer, data)
        } else if core.peers.remove(peer.id()) {
            StreamEvent::Disconnected(peer)
        } else {
            core.peers.insert(peer.id().clone());
            StreamEvent::Connected(peer)
        })
    }
}
