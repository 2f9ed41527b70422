//! Peers by routing id, and the ROUTER with its envelopes for REQ.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use smallvec::SmallVec;

use crate::core::{Arrival, Core, Outgoing};
use crate::endpoint::Target;
use crate::error::{Error, Result};
use crate::future::{Access, Receiving, Sending};
use crate::incoming::{Incoming, sealed};
use crate::message::{Envelope, Message, Multipart};
use crate::mode::{Attached, Connected, Idle};
use crate::raw::Wait;
use crate::socket::Socket;
use crate::socket_type::{ConnectsOver, FreeRunning, Router, SocketType, TalksTo};

/// The bytes of a routing id. Those that libzmq makes up have 5; up to 32 need no heap.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(SmallVec<[u8; 32]>);

impl Name {
    pub(crate) fn of(frame: &[u8]) -> Self {
        Self(SmallVec::from_slice(frame))
    }
}

impl Deref for Name {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.escape_ascii())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Knows its peers by routing id: ROUTER and STREAM, and the draft types SERVER and PEER.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not know their peers by routing id",
    note = "ROUTER and STREAM do, and the draft types SERVER and PEER"
)]
pub trait Routes: SocketType {
    #[doc(hidden)]
    type Id: Clone + Eq + Hash + fmt::Display + Send + Sync + 'static;
}

#[diagnostic::do_not_recommend]
impl Routes for Router {
    type Id = Name;
}
/// The name of one peer of a socket of type `T`: [`Router`], [`Stream`](crate::Stream), or of the draft types `Server` and `Peer`.
///
/// It comes with what that peer sends. A peer of a ROUTER that chose its own name (by [`routing_id`](Socket::routing_id),
/// or through [`connect_as`](Socket::connect_as)) can also be named with [`RoutingId::new`]. Those of a SERVER or PEER are
/// numbers, and good for the one socket that gave them.
///
/// Follows [zmq_setsockopt(3), ZMQ_ROUTING_ID](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html) and
/// [zmq_msg_routing_id(3)](https://libzmq.readthedocs.io/en/latest/zmq_msg_routing_id.html).
#[doc(alias = "ZMQ_ROUTING_ID")]
#[doc(alias = "identity")]
pub struct RoutingId<T: Routes> {
    id: T::Id,
}

impl RoutingId<Router> {
    /// A name that a peer has chosen, or is to be given: 1 to 255 bytes, the first of them not zero (the names that libzmq
    /// makes up begin so).
    ///
    /// ```
    /// use zmq_typestate::RoutingId;
    ///
    /// let worker = RoutingId::new("worker-1")?;
    /// assert_eq!(worker.as_bytes(), b"worker-1");
    /// assert!(RoutingId::new("").is_err());
    /// assert!(RoutingId::new([0, 1]).is_err());
    /// assert!(RoutingId::new("x".repeat(256)).is_err());
    /// # Ok::<(), zmq_typestate::Error>(())
    /// ```
    pub fn new(name: impl AsRef<[u8]>) -> Result<Self> {
        let name = name.as_ref();
        match name {
            [first, ..] if *first != 0 && name.len() <= 255 => Ok(Self::from_id(Name::of(name))),
            _ => Err(Error::RoutingId { id: name.to_vec() }),
        }
    }

    /// The id of a peer that this ROUTER has received from, kept as bytes meanwhile: by a broker, in the frames that it
    /// passed on. 1 to 255 bytes.
    ///
    /// ```
    /// use zmq_typestate::RoutingId;
    ///
    /// let kept = [0, 107, 139, 69, 103];
    /// assert_eq!(RoutingId::from_received(&kept)?.as_bytes(), kept);
    /// # Ok::<(), zmq_typestate::Error>(())
    /// ```
    pub fn from_received(id: &[u8]) -> Result<Self> {
        match id.len() {
            1..=255 => Ok(Self::from_id(Name::of(id))),
            _ => Err(Error::RoutingId { id: id.to_vec() }),
        }
    }
}

impl<T: Routes<Id = Name>> RoutingId<T> {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.id
    }
}

impl<T: Routes> RoutingId<T> {
    pub(crate) fn from_id(id: T::Id) -> Self {
        Self { id }
    }

    pub(crate) fn id(&self) -> &T::Id {
        &self.id
    }
}

impl<T: Routes> Clone for RoutingId<T> {
    fn clone(&self) -> Self {
        Self::from_id(self.id.clone())
    }
}

impl<T: Routes> PartialEq for RoutingId<T> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<T: Routes> Eq for RoutingId<T> {}

impl<T: Routes> Hash for RoutingId<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl<T: Routes> fmt::Debug for RoutingId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoutingId({})", self.id)
    }
}

impl<T: Routes> fmt::Display for RoutingId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

/// Names the receiver of what a socket of type `T` sends.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a receiver for a {T} socket",
    label = "names nobody that this {T} could send to",
    note = "ROUTER, STREAM, SERVER and PEER send to a routing id that their own `recv` gave, RADIO to a `Group`, DGRAM to a \
            `SocketAddrV4`; the other types choose the peer themselves"
)]
pub trait ReceiverOf<T>: receiver::Named {}

#[diagnostic::do_not_recommend]
impl ReceiverOf<Router> for RoutingId<Router> {}
pub(crate) mod receiver {
    use super::{Core, Message, Outgoing, Result, Router, RoutingId};

    #[diagnostic::on_unimplemented(message = "`{Self}` does not name a receiver")]
    pub trait Named {
        #[doc(hidden)]
        #[allow(private_interfaces, reason = "sealed: only this crate calls or implements it")]
        fn address(&self, sender: &Core, message: Message) -> Result<Outgoing>;
    }

    #[allow(private_interfaces, reason = "sealed")]
    impl Named for RoutingId<Router> {
        fn address(&self, _: &Core, message: Message) -> Result<Outgoing> {
            Ok(Outgoing::To(self.id.clone(), message.into()))
        }
    }
}

impl<T: FreeRunning, M> Socket<T, M> {
    /// Sends a message of one frame to whom `to` names: ROUTER and STREAM to a [`RoutingId`], as the draft types SERVER and
    /// PEER; RADIO to a `Group`, DGRAM to a `SocketAddrV4`.
    ///
    /// It waits while that peer has no room; RADIO never waits, it drops what a DISH has no room for. A peer that is not
    /// connected is an [`Error::Unroutable`], which has the message in it.
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    ///
    /// Follows [zmq_socket(3), ZMQ_ROUTER and ZMQ_STREAM](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
    ///
    /// ```
    /// use zmq_typestate::{Context, Dealer, Router};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut desk = context.socket::<Router>()?.bind("inproc://desk")?;
    /// let mut guest = context.socket::<Dealer>()?.connect(desk.address())?;
    ///
    /// guest.send("a room, please").await?;
    /// let (peer, wish) = desk.recv().await?;
    /// assert_eq!(wish, "a room, please");
    /// desk.send_to(&peer, "number 7").await?;
    /// assert_eq!(guest.recv().await?, "number 7");
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_to<R: ReceiverOf<T>>(&mut self, to: &R, message: impl Into<Message>) -> Sending<'_>
    where
        M: Attached,
    {
        let outgoing = to.address(self.core_mut(), message.into());
        Sending::checked(Access::Whole(self.core_mut()), outgoing)
    }

    /// As [`send_to`](Self::send_to), without waiting: [`Error::WouldBlock`] gives the message back.
    pub fn try_send_to<R: ReceiverOf<T>>(&mut self, to: &R, message: impl Into<Message>) -> Result<()>
    where
        M: Attached,
    {
        let outgoing = to.address(self.core_mut(), message.into())?;
        self.core_mut().send(outgoing, Wait::Never)
    }

    /// As [`send_to`](Self::send_to), blocking the thread while it waits.
    pub fn blocking_send_to<R: ReceiverOf<T>>(&mut self, to: &R, message: impl Into<Message>) -> Result<()>
    where
        M: Attached,
    {
        let outgoing = to.address(self.core_mut(), message.into())?;
        self.core_mut().send(outgoing, Wait::Forever)
    }
}

impl Socket<Router, Idle> {
    /// Connects to a peer that can then be addressed by `name`, without having been heard of before: the way for a ROUTER
    /// to speak first, and the only one between two ROUTERs. Each name can be given once.
    ///
    /// Follows [zmq_setsockopt(3), ZMQ_CONNECT_ROUTING_ID](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
    ///
    /// ```
    /// use zmq_typestate::{Context, Router, RoutingId};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut north = context.socket::<Router>()?.bind("inproc://north")?;
    /// let name = RoutingId::new("north")?;
    /// let mut south = context.socket::<Router>()?.connect_as(&name, north.address())?;
    ///
    /// south.send_to(&name, "hello").await?;
    /// let (south_by_north, greeting) = north.recv().await?;
    /// assert_eq!(greeting, "hello");
    /// # let _ = south_by_north;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "ZMQ_CONNECT_ROUTING_ID")]
    pub fn connect_as<A: Target>(mut self, name: &RoutingId<Router>, target: A) -> Result<Socket<Router, Connected>>
    where
        Router: TalksTo<A::Listener> + ConnectsOver<A::Transport>,
    {
        self.core_mut().connect_as(name.id(), target.into_endpoint())?;
        Ok(self.into_state())
    }
}

impl<M> Socket<Router, M> {
    /// Connects to one more peer by name: see [`connect_as`](Socket::connect_as).
    pub fn also_connect_as<A: Target>(&mut self, name: &RoutingId<Router>, target: A) -> Result<()>
    where
        M: Attached,
        Router: TalksTo<A::Listener> + ConnectsOver<A::Transport>,
    {
        self.core_mut().connect_as(name.id(), target.into_endpoint())
    }

    /// Sends a message of several frames to the peer that `to` names: see [`send_to`](Self::send_to).
    pub fn send_multipart_to(&mut self, to: &RoutingId<Router>, message: impl Into<Multipart>) -> Sending<'_>
    where
        M: Attached,
    {
        Sending::new(Access::Whole(self.core_mut()), Outgoing::To(to.id().clone(), message.into()))
    }

    /// As [`send_multipart_to`](Self::send_multipart_to), without waiting.
    pub fn try_send_multipart_to(&mut self, to: &RoutingId<Router>, message: impl Into<Multipart>) -> Result<()>
    where
        M: Attached,
    {
        self.core_mut().send(Outgoing::To(to.id().clone(), message.into()), Wait::Never)
    }

    /// As [`send_multipart_to`](Self::send_multipart_to), blocking the thread while it waits.
    pub fn blocking_send_multipart_to(&mut self, to: &RoutingId<Router>, message: impl Into<Multipart>) -> Result<()>
    where
        M: Attached,
    {
        self.core_mut().send(Outgoing::To(to.id().clone(), message.into()), Wait::Forever)
    }

    /// Receives a request of a REQ, or of anything else that sends an empty delimiter frame before the body.
    ///
    /// A message without that frame is an [`Error::NoDelimiter`], which has the message in it.
    ///
    /// # Cancel safety
    /// Dropping the future loses no message.
    ///
    /// ```
    /// use zmq_typestate::{Context, Req, Router};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut desk = context.socket::<Router>()?.bind("inproc://requests")?;
    /// let mut client = context.socket::<Req>()?.connect(desk.address())?;
    ///
    /// let serve = async {
    ///     let (envelope, question) = desk.recv_request().await?;
    ///     assert_eq!(question[0], "the time?");
    ///     desk.reply(envelope, "noon").await
    /// };
    /// let (answer, served) = tokio::join!(client.request("the time?"), serve);
    /// assert_eq!(answer?, "noon");
    /// # served
    /// # }
    /// ```
    pub fn recv_request(&mut self) -> Receiving<'_, (Envelope, Multipart)>
    where
        M: Attached,
    {
        Receiving::new(self.core_mut())
    }

    /// As [`recv_request`](Self::recv_request), without waiting.
    pub fn try_recv_request(&mut self) -> Result<(Envelope, Multipart)>
    where
        M: Attached,
    {
        let arrival = self.core_mut().recv(Wait::Never)?;
        sealed::Incoming::from_arrival(self.core_mut(), arrival)
    }

    /// As [`recv_request`](Self::recv_request), blocking the thread while it waits.
    pub fn blocking_recv_request(&mut self) -> Result<(Envelope, Multipart)>
    where
        M: Attached,
    {
        let arrival = self.core_mut().recv(Wait::Forever)?;
        sealed::Incoming::from_arrival(self.core_mut(), arrival)
    }

    /// Answers a request: the envelope takes it back to the client.
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing; the envelope is gone with it, a clone of it is not.
    pub fn reply(&mut self, envelope: Envelope, body: impl Into<Message>) -> Sending<'_>
    where
        M: Attached,
    {
        self.reply_multipart(envelope, body.into())
    }

    /// As [`reply`](Self::reply), with a body of several frames.
    pub fn reply_multipart(&mut self, envelope: Envelope, body: impl Into<Multipart>) -> Sending<'_>
    where
        M: Attached,
    {
        Sending::checked(Access::Whole(self.core_mut()), answer(envelope, body.into()))
    }

    /// As [`reply_multipart`](Self::reply_multipart), without waiting.
    pub fn try_reply(&mut self, envelope: Envelope, body: impl Into<Multipart>) -> Result<()>
    where
        M: Attached,
    {
        self.core_mut().send(answer(envelope, body.into())?, Wait::Never)
    }

    /// As [`reply_multipart`](Self::reply_multipart), blocking the thread while it waits.
    pub fn blocking_reply(&mut self, envelope: Envelope, body: impl Into<Multipart>) -> Result<()>
    where
        M: Attached,
    {
        self.core_mut().send(answer(envelope, body.into())?, Wait::Forever)
    }
}

fn answer(envelope: Envelope, body: Multipart) -> Result<Outgoing> {
    if body.is_empty() {
        return Err(Error::EmptyMultipart { socket: Router::KIND.name });
    }
    let (client, frames) = envelope.address(body);
    Ok(Outgoing::To(client.id().clone(), frames))
}

/// Takes the routing id off the front.
pub(crate) fn sender<T: Routes<Id = Name>>(arrival: Arrival) -> (RoutingId<T>, Multipart) {
    let mut frames = arrival.into_multipart();
    let id = frames.pop_front().map_or_else(|| Name::of(&[]), |frame| Name::of(&frame));
    (RoutingId::from_id(id), frames)
}

impl Incoming for (RoutingId<Router>, Message) {
    type Whole = (RoutingId<Router>, Multipart);
}

#[allow(private_interfaces, reason = "sealed")]
impl sealed::Incoming for (RoutingId<Router>, Message) {
    fn from_arrival(core: &mut Core, arrival: Arrival) -> Result<Self, Error> {
        let (peer, frames) = sender::<Router>(arrival);
        match frames.into_single() {
            Ok(message) => Ok((peer, message)),
            Err(mut message) => {
                message.push_front(peer.as_bytes());
                Err(Error::UnexpectedMultipart { socket: core.kind.name, message: Box::new(message) })
            }
        }
    }
}

impl Incoming for (RoutingId<Router>, Multipart) {
    type Whole = Self;
}

#[allow(private_interfaces, reason = "sealed")]
impl sealed::Incoming for (RoutingId<Router>, Multipart) {
    fn from_arrival(_: &mut Core, arrival: Arrival) -> Result<Self, Error> {
        Ok(sender(arrival))
    }
}

impl Incoming for (Envelope, Multipart) {
    type Whole = Self;
}

#[allow(private_interfaces, reason = "sealed")]
impl sealed::Incoming for (Envelope, Multipart) {
    fn from_arrival(core: &mut Core, arrival: Arrival) -> Result<Self, Error> {
        let (client, frames) = sender::<Router>(arrival);
        match frames.split_delimiter() {
            Ok((path, body)) => Ok((Envelope { client, path }, body)),
            Err(mut message) => {
                message.push_front(client.as_bytes());
                Err(Error::NoDelimiter { socket: core.kind.name, message: Box::new(message) })
            }
        }
    }
}
