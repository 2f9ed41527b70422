//! SERVER and PEER: peers by number.

use std::fmt;
use std::num::NonZeroU32;

use crate::core::{Arrival, Core, Outgoing};
use crate::endpoint::Target;
use crate::error::{Error, Result};
use crate::incoming::{Incoming, sealed, unexpected};
use crate::message::Message;
use crate::mode::{Attached, Connected, Idle};
use crate::raw;
use crate::routing::{ReceiverOf, Routes, RoutingId, receiver};
use crate::security::{SecuredOver, SecurityRole};
use crate::socket::Socket;
use crate::socket_type::{ConnectsOver, ManyEndpoints, Peer, Server, TalksTo};

/// The number of a peer, and the socket that gave it. libzmq gives the same numbers in every socket.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    id: NonZeroU32,
    socket: u64,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl Number {
    fn address(self, sender: &Core, mut message: Message) -> Result<Outgoing> {
        if self.socket != sender.draft.serial {
            let (socket, peer) = (sender.kind.name, self.to_string());
            return Err(Error::ForeignRoutingId { socket, peer, unsent: message.into() });
        }
        message.frame_mut().set_routing_id(self.id);
        Ok(Outgoing::One(message))
    }
}

#[diagnostic::do_not_recommend]
impl Routes for Server {
    type Id = Number;
}
#[diagnostic::do_not_recommend]
impl Routes for Peer {
    type Id = Number;
}

impl<T: Routes<Id = Number>> Copy for RoutingId<T> {}

#[diagnostic::do_not_recommend]
impl ReceiverOf<Server> for RoutingId<Server> {}
#[diagnostic::do_not_recommend]
impl ReceiverOf<Peer> for RoutingId<Peer> {}

#[allow(private_interfaces, reason = "sealed")]
impl receiver::Named for RoutingId<Server> {
    fn address(&self, sender: &Core, message: Message) -> Result<Outgoing> {
        self.id().address(sender, message)
    }
}

#[allow(private_interfaces, reason = "sealed")]
impl receiver::Named for RoutingId<Peer> {
    fn address(&self, sender: &Core, message: Message) -> Result<Outgoing> {
        self.id().address(sender, message)
    }
}

impl<T: Routes<Id = Number>> Incoming for (RoutingId<T>, Message)
where
    Self: Send,
{
    type Whole = Self;
}

#[allow(private_interfaces, reason = "sealed")]
impl<T: Routes<Id = Number>> sealed::Incoming for (RoutingId<T>, Message)
where
    Self: Send,
{
    fn from_arrival(core: &mut Core, arrival: Arrival) -> Result<Self> {
        // libzmq numbers every message of these types, and drops those of several frames.
        let mut message = arrival.into_single().map_err(|message| unexpected(core, message))?;
        match message.frame_mut().routing_id() {
            Some(id) => Ok((RoutingId::from_id(Number { id, socket: core.draft.serial }), message)),
            None => Err(unexpected(core, message.into())),
        }
    }
}

/// # PEER: connecting
impl<S: SecurityRole> Socket<Peer, Idle<S>> {
    /// Connects to a peer, and gives the routing id to send to it by. It can be used at once; it stays valid until the
    /// connection ends.
    ///
    /// # Errors
    /// As for [`connect`](Socket::connect).
    ///
    /// Follows [zmq_connect_peer(3)](https://libzmq.readthedocs.io/en/latest/zmq_connect_peer.html).
    ///
    /// ```
    /// use zmq_typestate::{Context, Peer};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut north = context.socket::<Peer>()?.bind("inproc://north-pole")?;
    /// let (there, mut south) = context.socket::<Peer>()?.connect_peer(north.address())?;
    ///
    /// south.send_to(&there, "hello").await?;
    /// let (sender, greeting) = north.recv().await?;
    /// assert_eq!(greeting, "hello");
    /// north.send_to(&sender, "hello yourself").await?;
    /// assert_eq!(south.recv().await?.1, "hello yourself");
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "zmq_connect_peer")]
    #[allow(clippy::type_complexity, reason = "a pair")]
    pub fn connect_peer<A: Target>(mut self, target: A) -> Result<(RoutingId<Peer>, Socket<Peer, Connected<S>>)>
    where
        Peer: TalksTo<A::Listener> + ConnectsOver<A::Transport>,
        S: SecuredOver<A::Transport>,
    {
        let peer = self.core_mut().connect_peer(target)?;
        Ok((peer, self.into_state()))
    }
}

/// # PEER: further peers
impl<M> Socket<Peer, M> {
    /// Connects to one peer more: see [`connect_peer`](Socket::connect_peer).
    pub fn also_connect_peer<A: Target>(&mut self, target: A) -> Result<RoutingId<Peer>>
    where
        M: Attached<Role: SecuredOver<A::Transport>>,
        Peer: ManyEndpoints + TalksTo<A::Listener> + ConnectsOver<A::Transport>,
    {
        self.core_mut().connect_peer(target)
    }
}

impl Core {
    pub(crate) fn connect_peer<A: Target>(&mut self, target: A) -> Result<RoutingId<Peer>> {
        let id = self.connect_by(target.into_endpoint(), raw::Socket::connect_peer)?;
        Ok(RoutingId::from_id(Number { id, socket: self.draft.serial }))
    }
}
