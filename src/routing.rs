//! Peers by routing id, and the ROUTER with its envelopes for REQ.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use smallvec::SmallVec;

use crate::core::{Arrival, Core, Outgoing};
use crate::endpoint::Target;
use crate::error::{Error, Result};
use crate::future::{Access, Receiving, Sending};
use crate::incoming::{Incoming, sealed, unexpected};
use crate::message::{Envelope, Message, Multipart};
use crate::mode::{Attached, Connected, Idle};
use crate::random::unguessable;
use crate::raw::Wait;
use crate::security::{SecuredOver, SecurityRole};
use crate::socket::Socket;
use crate::socket_type::{ConnectsOver, FreeRunning, Router, SocketType, TalksTo};

/// The bytes of a routing id. Those that libzmq makes up have 5; up to 32 need no heap.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(SmallVec<[u8; 32]>);

impl Clone for Name {
    /// At once, where that of `SmallVec` goes byte by byte.
    fn clone(&self) -> Self {
        Self::of(self)
    }
}

impl Name {
    pub(crate) fn of(frame: &[u8]) -> Self {
        Self(SmallVec::from_slice(frame))
    }

    /// By a ROUTER, for a peer without a name.
    pub(crate) fn is_made_up(&self) -> bool {
        self.first() == Some(&0)
    }

    /// A name that nobody else has or can come with.
    pub(crate) fn unguessable() -> Self {
        Self([&[1][..], &unguessable()].concat().into())
    }
}

impl Borrow<[u8]> for Name {
    fn borrow(&self) -> &[u8] {
        self
    }
}

/// The names that a ROUTER has given to peers, and those by which libzmq knows them.
///
/// libzmq aborts the process when it is to give a peer a name that another one has come with. So it is told one that nobody
/// can come with, and the other one, whoever has it, stays out.
#[derive(Default)]
pub(crate) struct GivenNames {
    wires: HashMap<Name, Name>,
    names: HashMap<Name, Name>,
}

impl GivenNames {
    pub(crate) fn contains(&self, name: &Name) -> bool {
        self.wires.contains_key(name)
    }

    pub(crate) fn insert(&mut self, name: Name, wire: Name) {
        self.names.insert(wire.clone(), name.clone());
        self.wires.insert(name, wire);
    }

    /// The name of the peer that libzmq knows by this one.
    pub(crate) fn of(&self, wire: &Name) -> Option<&Name> {
        self.names.get(wire)
    }

    pub(crate) fn to_wire(&self, peer: &mut Name) {
        if let Some(wire) = self.wires.get(peer) {
            *peer = wire.clone();
        }
    }

    /// As `to_wire`, of a message that begins with the name of its receiver.
    pub(crate) fn envelope_to_wire(&self, frames: &mut Multipart) {
        exchange(frames, &self.wires);
    }

    /// Takes that back, for a message that was not sent.
    pub(crate) fn envelope_from_wire(&self, frames: &mut Multipart) {
        exchange(frames, &self.names);
    }

    /// The message with the name of its sender; none of somebody who has come with a name that was given to another.
    pub(crate) fn received(&self, mut arrival: Arrival) -> Option<Arrival> {
        if let Some(name) = self.names.get(&*arrival.first) {
            arrival.first = Message::from(&name[..]);
        } else if self.wires.contains_key(&*arrival.first) {
            return None;
        }
        Some(arrival)
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

/// Exchanges the first frame for what is known instead of it.
fn exchange(frames: &mut Multipart, known: &HashMap<Name, Name>) {
    if let Some(first) = frames.first_mut()
        && let Some(name) = known.get(&**first)
    {
        *first = Message::from(&name[..]);
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
/// It is no secret, and proves nothing: libzmq counts ids up in every process, and a peer may call itself what it likes. Who it
/// is, PLAIN or CURVE says, in `message.metadata("User-Id")`.
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

/// # Sending to one peer
impl<T: FreeRunning, M> Socket<T, M> {
    /// Sends a message of one frame to whom `to` names: ROUTER and STREAM to a [`RoutingId`], as the draft types SERVER and
    /// PEER; RADIO to a `Group`, DGRAM to a `SocketAddrV4`.
    ///
    /// It waits while that peer has no room; RADIO drops what a DISH has no room for, unless it has
    /// [`no_drop`](Self::no_drop). A peer that is not connected is an [`Error::Unroutable`], which has the message in it.
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

/// # ROUTER: connecting by name
impl<S: SecurityRole> Socket<Router, Idle<S>> {
    /// Connects to a peer that can then be addressed by `name`, without having been heard of before: the way for a ROUTER
    /// to speak first, and the only one between two ROUTERs. Each name can be given once. A peer that comes with the same name by
    /// itself is not heard.
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
    pub fn connect_as<A: Target>(mut self, name: &RoutingId<Router>, target: A) -> Result<Socket<Router, Connected<S>>>
    where
        Router: TalksTo<A::Listener> + ConnectsOver<A::Transport>,
        S: SecuredOver<A::Transport>,
    {
        self.core_mut().connect_as(name.id(), target.into_endpoint())?;
        Ok(self.into_state())
    }
}

/// # ROUTER: whole messages, and requests
impl<M> Socket<Router, M> {
    /// Connects to one more peer by name: see [`connect_as`](Socket::connect_as).
    pub fn also_connect_as<A: Target>(&mut self, name: &RoutingId<Router>, target: A) -> Result<()>
    where
        M: Attached<Role: SecuredOver<A::Transport>>,
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
        self.core_mut().recv(Wait::Never)
    }

    /// As [`recv_request`](Self::recv_request), blocking the thread while it waits.
    pub fn blocking_recv_request(&mut self) -> Result<(Envelope, Multipart)>
    where
        M: Attached,
    {
        self.core_mut().recv(Wait::Forever)
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

pub(crate) fn answer(envelope: Envelope, body: Multipart) -> Result<Outgoing> {
    if body.is_empty() {
        return Err(Error::EmptyMultipart { socket: Router::KIND.name });
    }
    let (client, frames) = envelope.address(body);
    Ok(Outgoing::To(client.id().clone(), frames))
}

/// Takes the routing id off the front.
#[inline]
pub(crate) fn sender<T: Routes<Id = Name>>(arrival: Arrival) -> (RoutingId<T>, Multipart) {
    (RoutingId::from_id(Name::of(&arrival.first)), arrival.rest)
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
                Err(unexpected(core, message))
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
    fn from_arrival(_: &mut Core, arrival: Arrival) -> Result<Self, Error> {
        Envelope::unpack(arrival.into_multipart())
    }
}

impl Envelope {
    /// Puts the envelope before a message that goes another way, and [`unpack`](Self::unpack) takes it off again: a broker
    /// sends a worker the request in the envelope of its client, and the answer comes back in it.
    ///
    /// ```
    /// # use zmq_typestate::{Context, Envelope, Req, Router};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// # let context = Context::new()?;
    /// # let mut clients = context.socket::<Router>()?.bind("inproc://clients")?;
    /// # let mut client = context.socket::<Req>()?.connect(clients.address())?.send("question").await?;
    /// let (envelope, question) = clients.recv_request().await?;
    /// let packed = envelope.pack(question); // [client, "", "question"]
    /// let (envelope, question) = Envelope::unpack(packed)?;
    /// assert_eq!(question[0], "question");
    /// clients.reply(envelope, "answer").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn pack(self, body: impl Into<Multipart>) -> Multipart {
        let (client, mut message) = self.address(body.into());
        message.push_front(client.as_bytes());
        message
    }

    /// Takes the envelope off the front of a message.
    ///
    /// # Errors
    /// [`Error::NoDelimiter`], with the message in it, where no empty frame follows the client's routing id.
    pub fn unpack(message: impl Into<Multipart>) -> Result<(Self, Multipart)> {
        let mut frames = message.into();
        let client = frames.pop_front().unwrap_or_default();
        let client = RoutingId::<Router>::from_id(Name::of(&client));
        match frames.split_delimiter() {
            Ok((path, body)) => Ok((Self { client, path }, body)),
            Err(mut message) => {
                message.push_front(client.as_bytes());
                Err(Error::NoDelimiter { socket: Router::KIND.name, message: Box::new(message) })
            }
        }
    }
}
