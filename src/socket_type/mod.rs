//! The socket types, and the capabilities that the one table (`table`) gives or refuses them.
//!
//! Follows [zmq_socket(3)](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).

mod families;
mod table;
pub(crate) mod why;

use std::ffi::c_int;
use std::marker::PhantomData;

#[cfg(feature = "draft")]
use crate::attach::Side;
use crate::endpoint::{AnyTransport, Inproc, Ipc, Tcp, Untyped, Ws};

pub use families::*;

/// One peer, both directions. Meant for two threads of a program: over a network a DEALER does better, since a PAIR takes no notice
/// of whoever else comes.
#[doc(alias = "ZMQ_PAIR")]
#[derive(Debug, Clone, Copy)]
pub struct Pair;

/// Publishes to every subscriber; drops what a slow one has no room for.
#[doc(alias = "ZMQ_PUB")]
#[derive(Debug, Clone, Copy)]
pub struct Pub;

/// Receives what is published under the topics it has subscribed to. `Sub` alone means with a subscription; a new one is
/// `Sub<Unsubscribed>`.
#[doc(alias = "ZMQ_SUB")]
#[derive(Debug, Clone, Copy)]
pub struct Sub<P = Subscribed>(PhantomData<fn() -> P>);

/// Asks a question, then waits for its answer. `Req` alone means that no question is open.
#[doc(alias = "ZMQ_REQ")]
#[derive(Debug, Clone, Copy)]
pub struct Req<P = Unasked>(PhantomData<fn() -> P>);

/// Takes a request, then answers it. `Rep` alone means that no answer is owed.
#[doc(alias = "ZMQ_REP")]
#[derive(Debug, Clone, Copy)]
pub struct Rep<P = AwaitingRequest>(PhantomData<fn() -> P>);

/// Sends to its peers in turn, receives from all of them: a REQ without the lock-step.
#[doc(alias = "ZMQ_DEALER")]
#[derive(Debug, Clone, Copy)]
pub struct Dealer;

/// Knows its peers by routing id: receives from all, sends to the one that is named.
#[doc(alias = "ZMQ_ROUTER")]
#[derive(Debug, Clone, Copy)]
pub struct Router;

/// Receives from every PUSH, fairly.
#[doc(alias = "ZMQ_PULL")]
#[derive(Debug, Clone, Copy)]
pub struct Pull;

/// Hands each message to one PULL, in turn.
#[doc(alias = "ZMQ_PUSH")]
#[derive(Debug, Clone, Copy)]
pub struct Push;

/// A PUB that is told who subscribes to what.
#[doc(alias = "ZMQ_XPUB")]
#[derive(Debug, Clone, Copy)]
pub struct XPub;

/// A SUB that can also send messages upstream.
#[doc(alias = "ZMQ_XSUB")]
#[derive(Debug, Clone, Copy)]
pub struct XSub;

/// Speaks plain TCP with peers that are not ZeroMQ.
#[doc(alias = "ZMQ_STREAM")]
#[derive(Debug, Clone, Copy)]
pub struct Stream;

/// Talks to many clients, each by its routing id, from any number of threads: receives from all, answers the one that is
/// named. It cannot speak first. A draft type.
#[cfg(feature = "draft")]
#[doc(alias = "ZMQ_SERVER")]
#[derive(Debug, Clone, Copy)]
pub struct Server;

/// Talks to a SERVER (or to several in turn), from any number of threads. A draft type.
#[cfg(feature = "draft")]
#[doc(alias = "ZMQ_CLIENT")]
#[derive(Debug, Clone, Copy)]
pub struct Client;

/// Sends to groups, to every DISH that has joined; drops what a slow one has no room for. A draft type.
///
/// It also connects over udp, unicast or multicast: then each message, with its group and a byte more, takes at most 8192
/// bytes, and datagrams may get lost. Groups are not told to the sender there; each DISH picks its
/// own.
#[cfg(feature = "draft")]
#[doc(alias = "ZMQ_RADIO")]
#[derive(Debug, Clone, Copy)]
pub struct Radio;

/// Receives what is sent to the groups that it has joined. `Dish` alone means that it has joined one; a new one is
/// `Dish<Unjoined>`. A draft type.
///
/// It also binds udp, unicast or multicast, where libzmq was built with `-funsigned-char`, or for a processor whose `char`
/// has no sign: in any other build a stranger's datagram could abort the process, and the bind is refused.
#[cfg(feature = "draft")]
#[doc(alias = "ZMQ_DISH")]
#[derive(Debug, Clone, Copy)]
pub struct Dish<P = Joined>(PhantomData<fn() -> P>);

/// Receives from every SCATTER, fairly, in any number of threads. A draft type.
#[cfg(feature = "draft")]
#[doc(alias = "ZMQ_GATHER")]
#[derive(Debug, Clone, Copy)]
pub struct Gather;

/// Hands each message to one GATHER, in turn, from any number of threads. A draft type.
#[cfg(feature = "draft")]
#[doc(alias = "ZMQ_SCATTER")]
#[derive(Debug, Clone, Copy)]
pub struct Scatter;

/// Sends and receives datagrams of plain UDP. A draft type.
///
/// It binds `udp://`, IPv4 only, and sends to a [`SocketAddrV4`](std::net::SocketAddrV4); a datagram takes at most 8192
/// bytes, and may get lost. libzmq opens the port in the background, a moment after `bind` has returned.
#[cfg(feature = "draft")]
#[doc(alias = "ZMQ_DGRAM")]
#[derive(Debug, Clone, Copy)]
pub struct Dgram;

/// Talks to other PEERs by their routing ids, whoever connected to whom, from any number of threads. A draft type.
#[cfg(feature = "draft")]
#[doc(alias = "ZMQ_PEER")]
#[derive(Debug, Clone, Copy)]
pub struct Peer;

/// One peer, both directions, from any number of threads: a PAIR that can be shared. A draft type.
#[cfg(feature = "draft")]
#[doc(alias = "ZMQ_CHANNEL")]
#[derive(Debug, Clone, Copy)]
pub struct Channel;

/// The phase of a [`Req`] that has no question open.
#[derive(Debug, Clone, Copy)]
pub struct Unasked;

/// The phase of a [`Req`] whose question has not been answered.
#[derive(Debug, Clone, Copy)]
pub struct AwaitingReply;

/// The phase of a [`Rep`] that owes nobody an answer.
#[derive(Debug, Clone, Copy)]
pub struct AwaitingRequest;

/// The phase of a [`Rep`] that has a request and has not answered it.
#[derive(Debug, Clone, Copy)]
pub struct OwingReply;

/// The phase of a [`Sub`] that has subscribed to something.
#[derive(Debug, Clone, Copy)]
pub struct Subscribed;

/// The phase of a [`Sub`] that has no subscription, and so would never receive.
#[derive(Debug, Clone, Copy)]
pub struct Unsubscribed;

/// The phase of a [`Dish`] that has joined a group.
#[cfg(feature = "draft")]
#[derive(Debug, Clone, Copy)]
pub struct Joined;

/// The phase of a [`Dish`] that has not joined any group, and so would never receive.
#[cfg(feature = "draft")]
#[derive(Debug, Clone, Copy)]
pub struct Unjoined;

/// What libzmq has to be told, and what it does not check itself.
#[doc(hidden)]
#[derive(Debug)]
pub struct Kind {
    pub(crate) name: &'static str,
    pub(crate) number: c_int,
    /// The types it can talk to, by name: what [`TalksTo`] says, for names that are only known at run time.
    pub(crate) peers: &'static [&'static str],
    pub(crate) wire: Wire,
    /// libzmq lets several threads use it at once; it then has no descriptor of its own.
    pub(crate) thread_safe: bool,
}

/// What goes over a socket's connections, which decides on its transports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// ZeroMQ's message protocol: over tcp, ipc, inproc and ws.
    Zmtp,
    /// That, and datagrams of its own over udp, on one side.
    #[cfg(feature = "draft")]
    ZmtpOrUdp(Side),
    /// Plain TCP.
    Tcp,
    /// Plain UDP, on one side.
    #[cfg(feature = "draft")]
    Udp(Side),
}

impl Kind {
    /// Not one that only receives: SUB, PULL, DISH and GATHER.
    pub(crate) fn sends(&self) -> bool {
        !matches!(self.name, "SUB" | "PULL" | "DISH" | "GATHER")
    }

    /// Not one that only sends: PUB, PUSH, RADIO and SCATTER.
    pub(crate) fn receives(&self) -> bool {
        !matches!(self.name, "PUB" | "PUSH" | "RADIO" | "SCATTER")
    }
}

/// A type of ZeroMQ socket: the first parameter of [`Socket`](crate::Socket).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ZeroMQ socket type",
    note = "the socket types are Pair, Pub, Sub, Req, Rep, Dealer, Router, Pull, Push, XPub, XSub and Stream; with the \
            feature `draft` also Server, Client, Radio, Dish, Gather, Scatter, Dgram, Peer and Channel"
)]
pub trait SocketType: sealed::SocketType + Sized + 'static {
    /// The type in the phase that a new socket is in: `Sub<Unsubscribed>` for [`Sub`]; for most, the type itself.
    type Fresh: SocketType;

    /// The type without its phase, as it stands in addresses: `Sub` for `Sub<Unsubscribed>`.
    type Kind: SocketType;

    /// What one `recv` gives.
    type Incoming: crate::incoming::Incoming;

    #[doc(hidden)]
    const KIND: &'static Kind;
}

// ---------------------------------------------------------------------------------------------------------------------

/// Can send without naming a receiver: PAIR, PUB, DEALER, PUSH and XPUB, and the draft types CLIENT, SCATTER and CHANNEL.
pub trait CanSend: SocketType + FreeRunning {}
impl<T: why::Sends + FreeRunning> CanSend for T {}

/// Can receive: every type but PUB, PUSH, RADIO and SCATTER; a SUB once it has subscribed, a DISH once it has joined.
pub trait CanRecv: SocketType + FreeRunning {}
impl<T: why::Receives + FreeRunning> CanRecv for T {}

/// Can send messages of several frames without naming a receiver; no draft type can.
pub trait CanSendMultipart: SocketType + FreeRunning {}
impl<T: why::SendsMultipart + FreeRunning> CanSendMultipart for T {}

/// Can receive messages of several frames; no draft type can.
pub trait CanRecvMultipart: SocketType + FreeRunning {}
impl<T: why::ReceivesMultipart + FreeRunning> CanRecvMultipart for T {}

/// It is this type's turn to send, in its phase: a REQ that has no question open, a REP that owes an answer.
pub trait SendsNow: SocketType {}
impl<T: why::SendsNow> SendsNow for T {}

/// It is this type's turn to receive, in its phase: a REQ that has asked, a REP that owes no answer.
pub trait ReceivesNow: SocketType {}
impl<T: why::ReceivesNow> ReceivesNow for T {}

/// Sends and receives in any order: every type but REQ and REP.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ZeroMQ socket type that sends and receives freely",
    note = "the socket types are fixed; every one does but REQ and REP, which take turns"
)]
pub trait FreeRunning: SocketType {}

/// Subscribes to topics: SUB and XSUB.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not subscribe: only SUB and XSUB do",
    label = "`{Self}` has no subscriptions",
    note = "topics are chosen by the receiving side: `context.socket::<Sub>()?.connect(..)?.subscribe(\"topic\")`; \
            a DISH joins groups instead: `join`"
)]
pub trait CanSubscribe: SocketType + FreeRunning {}

/// Joins groups: DISH.
#[cfg(feature = "draft")]
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not join groups: only DISH does",
    label = "`{Self}` has no groups",
    note = "a group is joined by a DISH, for what RADIOs send to it; SUB and XSUB subscribe to topics"
)]
pub trait CanJoin: SocketType + FreeRunning {}

/// Sends and receives at the same time, and so can be [split](crate::Socket::split): PAIR, DEALER, ROUTER, XPUB, XSUB and
/// STREAM.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot be split: they do not both send and receive at any time",
    label = "`{Self}` has one direction at a time",
    note = "PAIR, DEALER, ROUTER, XPUB, XSUB and STREAM can be split; the draft types, but for DGRAM, can be shared instead"
)]
pub trait Duplex: SocketType + FreeRunning {}

/// Can be the backend of a [`Proxy`](crate::Proxy) whose frontend is of type `F`: what one receives the other can send, and
/// back.
#[diagnostic::on_unimplemented(
    message = "a proxy cannot go between {F} and {Self} sockets",
    label = "no backend for a `{F}`",
    note = "the pairs are ROUTER/DEALER for requests, XSUB/XPUB for topics, PULL/PUSH for work, DEALER/DEALER and PAIR/PAIR; \
            of the draft types GATHER/SCATTER and CHANNEL/CHANNEL",
    note = "what goes only one way, and loses something, has a name that says so: `Proxy::one_way`"
)]
pub trait BackendOf<F, W = ()>: SocketType {}

/// Can be given what a socket of type `Source` receives, by [`Proxy::one_way`](crate::Proxy::one_way), and nothing goes back.
#[diagnostic::on_unimplemented(
    message = "a one-way proxy cannot go from {Source} to {Self} sockets",
    label = "does not take what a `{Source}` receives",
    note = "it goes from SUB to PUB or PUSH, from PULL to PUB, and of the draft types from DISH to RADIO",
    note = "what goes both ways, or loses nothing, is `Proxy::new`: XSUB/XPUB, PULL/PUSH, ROUTER/DEALER and others"
)]
pub trait SinkOf<Source, W = ()>: SocketType {}

/// Can be told of all that goes through a [`Proxy`](crate::Proxy): PUB, DEALER, PUSH and PAIR.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot capture what goes through a proxy: only PUB, DEALER, PUSH and PAIR can",
    label = "libzmq's proxy would end with the first message",
    note = "use a PUB, which drops what nobody wants: `context.socket::<Pub>()?`"
)]
pub trait Captures: SocketType {}

/// Tells a ROUTER its routing id, and that it is there: REQ, DEALER and ROUTER.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not announce themselves to a ROUTER: only REQ, DEALER and ROUTER do",
    label = "libzmq would refuse the option, or ignore it in silence",
    note = "a routing id and a probe are for a ROUTER at the other end; nothing else looks at them"
)]
pub trait Announces: SocketType {}

/// Can connect: every type but DGRAM, which only binds, and PEER, which has
/// `connect_peer`.
pub trait CanConnect: SocketType {}
impl<T: why::Connects> CanConnect for T {}

/// Can be used by several threads at once, and so can be [shared](crate::Socket::share): the draft types but DGRAM.
#[cfg(feature = "draft")]
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot be shared between threads: in libzmq only draft types can, and not DGRAM",
    label = "two threads on one `{Self}` would corrupt its memory",
    note = "let one task own it, and reach that task through a `tokio::sync::mpsc` channel; PAIR, DEALER, ROUTER, XPUB, \
            XSUB and STREAM can also be split in two halves"
)]
pub trait ThreadSafe: SocketType + FreeRunning {}

/// Can be attached to several endpoints: every type but PAIR, CHANNEL and DGRAM.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets are attached once, to one peer or port: this one cannot be attached again",
    label = "already attached to its one endpoint",
    note = "use a DEALER, or of the draft types a CLIENT, to talk to several peers, or open another socket"
)]
pub trait ManyEndpoints: SocketType {}

/// Can talk to a socket of type `Peer`: both sides of a connection have to agree to this, or libzmq drops it in silence.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot talk to {Peer} sockets: libzmq would refuse the connection in silence",
    label = "at this address a `{Peer}` listens",
    note = "the pairs are PUSH/PULL, PUB/SUB (or XPUB, XSUB), REQ/REP, REQ/ROUTER, DEALER/REP, DEALER/ROUTER, \
            DEALER/DEALER, ROUTER/ROUTER and PAIR/PAIR; of the draft types SERVER/CLIENT, RADIO/DISH, SCATTER/GATHER, \
            PEER/PEER and CHANNEL/CHANNEL"
)]
pub trait TalksTo<Peer>: SocketType {}
// An endpoint that does not say who listens is believed.
impl<T: SocketType> TalksTo<Untyped> for T {}

/// May bind an address at which a socket of type `Listener` is expected.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot bind the address of a {Listener} socket: its peers expect a {Listener} there",
    label = "at this address a `{Listener}` listens, and not a `{Self}`",
    note = "bind a socket of type `{Listener}`, or `connect` to the address; a connection is given up by `disconnect`"
)]
pub trait ListensAs<Listener>: SocketType {}
#[diagnostic::do_not_recommend]
impl<T: SocketType> ListensAs<T> for T {}
#[diagnostic::do_not_recommend]
impl<T: SocketType> ListensAs<Untyped> for T {}

/// Can bind endpoints of transport `P`.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot bind over {P}",
    label = "`{Self}` does not speak this transport",
    note = "STREAM speaks tcp only; over udp a RADIO connects and a DISH or DGRAM binds, and DGRAM speaks nothing else; \
            every other type speaks tcp, ipc, inproc and ws"
)]
pub trait BindsOver<P>: SocketType {}
// What is only known at run time is checked then.
impl<T: SocketType> BindsOver<AnyTransport> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> BindsOver<Tcp> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> BindsOver<Ipc> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> BindsOver<Inproc> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> BindsOver<Ws> for T {}

/// Can connect to endpoints of transport `P`.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot connect over {P}",
    label = "`{Self}` does not speak this transport",
    note = "STREAM speaks tcp only; over udp a RADIO connects and a DISH or DGRAM binds, and DGRAM speaks nothing else; \
            every other type speaks tcp, ipc, inproc and ws"
)]
pub trait ConnectsOver<P>: SocketType {}
// What is only known at run time is checked then.
impl<T: SocketType> ConnectsOver<AnyTransport> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> ConnectsOver<Tcp> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> ConnectsOver<Ipc> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> ConnectsOver<Inproc> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> ConnectsOver<Ws> for T {}

mod sealed {
    #[diagnostic::on_unimplemented(
        message = "the ZeroMQ socket types are fixed: `{Self}` cannot become one",
        note = "use Pair, Pub, Sub, Req, Rep, Dealer, Router, Pull, Push, XPub, XSub or Stream, or a draft type"
    )]
    pub trait SocketType {
        #[doc(hidden)]
        const NAME: &'static str;
    }
}
