//! The socket types, and the one table of what each can do.
//!
//! Follows [zmq_socket(3)](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).

use std::ffi::c_int;
use std::marker::PhantomData;

use crate::endpoint::{AnyTransport, Inproc, Ipc, Tcp, Untyped, Ws};
use crate::message::Message;
use crate::pubsub::Subscription;
use crate::routing::{RoutingId, StreamEvent};

/// One peer, both directions.
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

/// What libzmq has to be told, and what it does not check itself.
#[doc(hidden)]
#[derive(Debug)]
pub struct Kind {
    pub(crate) name: &'static str,
    pub(crate) number: c_int,
    /// The types it can talk to, by name: what [`TalksTo`] says, for names that are only known at run time.
    pub(crate) peers: &'static [&'static str],
    /// Speaks ZMTP, over any stream transport; STREAM speaks plain TCP.
    pub(crate) zmtp: bool,
}

/// A type of ZeroMQ socket: the first parameter of [`Socket`](crate::Socket).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ZeroMQ socket type",
    note = "the socket types are Pair, Pub, Sub, Req, Rep, Dealer, Router, Pull, Push, XPub, XSub and Stream"
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
// The table. First what each type is; then, a line for each thing that it can do, and for each that it refuses the rule
// whose sentence the compiler prints (`why`).

macro_rules! types {
    ($([$($P:ident)?] $T:ty, $number:ident, $name:literal, $Fresh:ty, $Kind:ty, $Incoming:ty, $zmtp:literal, $peers:expr;)*) => {
        $(
            impl$(<$P: 'static>)? sealed::SocketType for $T {}
            impl$(<$P: 'static>)? SocketType for $T {
                type Fresh = $Fresh;
                type Kind = $Kind;
                type Incoming = $Incoming;
                const KIND: &'static Kind =
                    &Kind { name: $name, number: zmq::SocketType::$number as c_int, peers: $peers, zmtp: $zmtp };
            }
        )*
    };
}

types! {
//      type     number  name      fresh              kind    receives                        ZMTP   talks to
    []  Pair,    PAIR,   "PAIR",   Pair,              Pair,   Message,                        true,  &["PAIR"];
    []  Pub,     PUB,    "PUB",    Pub,               Pub,    Message,                        true,  &["SUB", "XSUB"];
    [P] Sub<P>,  SUB,    "SUB",    Sub<Unsubscribed>, Sub,    Message,                        true,  &["PUB", "XPUB"];
    [P] Req<P>,  REQ,    "REQ",    Req,               Req,    Message,                        true,  &["REP", "ROUTER"];
    [P] Rep<P>,  REP,    "REP",    Rep,               Rep,    Message,                        true,  &["REQ", "DEALER"];
    []  Dealer,  DEALER, "DEALER", Dealer,            Dealer, Message,                        true,  &["REP", "DEALER", "ROUTER"];
    []  Router,  ROUTER, "ROUTER", Router,            Router, (RoutingId<Router>, Message),   true,  &["REQ", "DEALER", "ROUTER"];
    []  Pull,    PULL,   "PULL",   Pull,              Pull,   Message,                        true,  &["PUSH"];
    []  Push,    PUSH,   "PUSH",   Push,              Push,   Message,                        true,  &["PULL"];
    []  XPub,    XPUB,   "XPUB",   XPub,              XPub,   Subscription,                   true,  &["SUB", "XSUB"];
    []  XSub,    XSUB,   "XSUB",   XSub,              XSub,   Message,                        true,  &["PUB", "XPUB"];
    []  Stream,  STREAM, "STREAM", Stream,            Stream, StreamEvent,                    false, &["STREAM"];
}

// Sends to whichever peer is next, or to all.
impl why::Sends for Pair {}
impl why::Sends for Pub {}
impl why::Sends for Dealer {}
impl why::Sends for Push {}
impl why::Sends for XPub {}
impl<P: 'static, W: why::SubOnlyReceives> why::Sends<W> for Sub<P> {}
impl<W: why::PullOnlyReceives> why::Sends<W> for Pull {}
impl<W: why::XSubDoesNotPublish> why::Sends<W> for XSub {}
impl<W: why::RouterNeedsAPeer> why::Sends<W> for Router {}
impl<W: why::StreamNeedsAPeer> why::Sends<W> for Stream {}

// Receives.
impl why::Receives for Pair {}
impl why::Receives for Sub {}
impl why::Receives for Dealer {}
impl why::Receives for Router {}
impl why::Receives for Pull {}
impl why::Receives for XPub {}
impl why::Receives for XSub {}
impl why::Receives for Stream {}
impl<W: why::PushOnlySends> why::Receives<W> for Push {}
impl<W: why::PubOnlySends> why::Receives<W> for Pub {}
impl<W: why::SubHasNoTopic> why::Receives<W> for Sub<Unsubscribed> {}

// Sends messages of several frames.
impl why::SendsMultipart for Pair {}
impl why::SendsMultipart for Pub {}
impl why::SendsMultipart for Dealer {}
impl why::SendsMultipart for Push {}
impl why::SendsMultipart for XPub {}
impl<P: 'static, W: why::SubOnlyReceives> why::SendsMultipart<W> for Sub<P> {}
impl<W: why::PullOnlyReceives> why::SendsMultipart<W> for Pull {}
impl<W: why::XSubDoesNotPublish> why::SendsMultipart<W> for XSub {}
impl<W: why::RouterNeedsAPeer> why::SendsMultipart<W> for Router {}
impl<W: why::StreamNeedsAPeer> why::SendsMultipart<W> for Stream {}

// Receives messages of several frames.
impl why::ReceivesMultipart for Pair {}
impl why::ReceivesMultipart for Sub {}
impl why::ReceivesMultipart for Dealer {}
impl why::ReceivesMultipart for Router {}
impl why::ReceivesMultipart for Pull {}
impl why::ReceivesMultipart for XSub {}
impl<W: why::PushOnlySends> why::ReceivesMultipart<W> for Push {}
impl<W: why::PubOnlySends> why::ReceivesMultipart<W> for Pub {}
impl<W: why::SubHasNoTopic> why::ReceivesMultipart<W> for Sub<Unsubscribed> {}
impl<W: why::XPubReceivesEvents> why::ReceivesMultipart<W> for XPub {}
impl<W: why::StreamReceivesEvents> why::ReceivesMultipart<W> for Stream {}

// Sends and receives whenever it likes; REQ and REP take turns.
impl FreeRunning for Pair {}
impl FreeRunning for Pub {}
impl<P: 'static> FreeRunning for Sub<P> {}
impl FreeRunning for Dealer {}
impl FreeRunning for Router {}
impl FreeRunning for Pull {}
impl FreeRunning for Push {}
impl FreeRunning for XPub {}
impl FreeRunning for XSub {}
impl FreeRunning for Stream {}

// Whose turn it is to send, and to receive.
impl why::SendsNow for Req<Unasked> {}
impl why::SendsNow for Rep<OwingReply> {}
impl<W: why::ReqAwaitsItsReply> why::SendsNow<W> for Req<AwaitingReply> {}
impl<W: why::RepHasNoRequest> why::SendsNow<W> for Rep<AwaitingRequest> {}
impl why::ReceivesNow for Req<AwaitingReply> {}
impl why::ReceivesNow for Rep<AwaitingRequest> {}
impl<W: why::ReqHasNotAsked> why::ReceivesNow<W> for Req<Unasked> {}
impl<W: why::RepOwesAReply> why::ReceivesNow<W> for Rep<OwingReply> {}

// Subscribes to topics.
impl<P: 'static> CanSubscribe for Sub<P> {}
impl CanSubscribe for XSub {}

// Sends and receives at the same time, and so can be split in two.
impl Duplex for Pair {}
impl Duplex for Dealer {}
impl Duplex for Router {}
impl Duplex for XPub {}
impl Duplex for XSub {}
impl Duplex for Stream {}

// Tells its peers its routing id.
impl<P: 'static> Announces for Req<P> {}
impl Announces for Dealer {}
impl Announces for Router {}

// Can have several endpoints. A PAIR has one peer.
impl ManyEndpoints for Pub {}
impl<P: 'static> ManyEndpoints for Sub<P> {}
impl<P: 'static> ManyEndpoints for Req<P> {}
impl<P: 'static> ManyEndpoints for Rep<P> {}
impl ManyEndpoints for Dealer {}
impl ManyEndpoints for Router {}
impl ManyEndpoints for Pull {}
impl ManyEndpoints for Push {}
impl ManyEndpoints for XPub {}
impl ManyEndpoints for XSub {}
impl ManyEndpoints for Stream {}

// Who completes the handshake with whom.
impl TalksTo<Pair> for Pair {}
impl TalksTo<Sub> for Pub {}
impl TalksTo<XSub> for Pub {}
impl<P: 'static> TalksTo<Pub> for Sub<P> {}
impl<P: 'static> TalksTo<XPub> for Sub<P> {}
impl<P: 'static> TalksTo<Rep> for Req<P> {}
impl<P: 'static> TalksTo<Router> for Req<P> {}
impl<P: 'static> TalksTo<Req> for Rep<P> {}
impl<P: 'static> TalksTo<Dealer> for Rep<P> {}
impl TalksTo<Rep> for Dealer {}
impl TalksTo<Dealer> for Dealer {}
impl TalksTo<Router> for Dealer {}
impl TalksTo<Req> for Router {}
impl TalksTo<Dealer> for Router {}
impl TalksTo<Router> for Router {}
impl TalksTo<Push> for Pull {}
impl TalksTo<Pull> for Push {}
impl TalksTo<Sub> for XPub {}
impl TalksTo<XSub> for XPub {}
impl TalksTo<Pub> for XSub {}
impl TalksTo<XPub> for XSub {}
impl TalksTo<Stream> for Stream {}
// An endpoint that does not say who listens is believed.
impl<T: SocketType> TalksTo<Untyped> for T {}

// Whose address it may bind.
impl ListensAs<Pair> for Pair {}
impl ListensAs<Pub> for Pub {}
impl<P: 'static> ListensAs<Sub> for Sub<P> {}
impl<P: 'static> ListensAs<Req> for Req<P> {}
impl<P: 'static> ListensAs<Rep> for Rep<P> {}
impl ListensAs<Dealer> for Dealer {}
impl ListensAs<Router> for Router {}
impl ListensAs<Pull> for Pull {}
impl ListensAs<Push> for Push {}
impl ListensAs<XPub> for XPub {}
impl ListensAs<XSub> for XSub {}
impl ListensAs<Stream> for Stream {}
impl<T: SocketType> ListensAs<Untyped> for T {}

// Over which transports. What is only known at run time is checked then.
impl Zmtp for Pair {}
impl Zmtp for Pub {}
impl<P: 'static> Zmtp for Sub<P> {}
impl<P: 'static> Zmtp for Req<P> {}
impl<P: 'static> Zmtp for Rep<P> {}
impl Zmtp for Dealer {}
impl Zmtp for Router {}
impl Zmtp for Pull {}
impl Zmtp for Push {}
impl Zmtp for XPub {}
impl Zmtp for XSub {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> BindsOver<Tcp> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> BindsOver<Ipc> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> BindsOver<Inproc> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> BindsOver<Ws> for T {}
impl BindsOver<Tcp> for Stream {}
impl<T: SocketType> BindsOver<AnyTransport> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> ConnectsOver<Tcp> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> ConnectsOver<Ipc> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> ConnectsOver<Inproc> for T {}
#[diagnostic::do_not_recommend]
impl<T: Zmtp> ConnectsOver<Ws> for T {}
impl ConnectsOver<Tcp> for Stream {}
impl<T: SocketType> ConnectsOver<AnyTransport> for T {}

// ---------------------------------------------------------------------------------------------------------------------

/// Can send without naming a peer: PAIR, PUB, DEALER, PUSH and XPUB.
pub trait CanSend: SocketType + FreeRunning {}
impl<T: why::Sends + FreeRunning> CanSend for T {}

/// Can receive: every type but PUB and PUSH; a SUB once it has subscribed.
pub trait CanRecv: SocketType + FreeRunning {}
impl<T: why::Receives + FreeRunning> CanRecv for T {}

/// Can send messages of several frames without naming a peer.
pub trait CanSendMultipart: SocketType + FreeRunning {}
impl<T: why::SendsMultipart + FreeRunning> CanSendMultipart for T {}

/// Can receive messages of several frames.
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
    note = "topics are chosen by the receiving side: `context.socket::<Sub>()?.connect(..)?.subscribe(\"topic\")`"
)]
pub trait CanSubscribe: SocketType + FreeRunning {}

/// Sends and receives at the same time, and so can be [split](crate::Socket::split): PAIR, DEALER, ROUTER, XPUB, XSUB and
/// STREAM.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot be split: they do not both send and receive at any time",
    label = "`{Self}` has one direction at a time",
    note = "PAIR, DEALER, ROUTER, XPUB, XSUB and STREAM can be split"
)]
pub trait Duplex: SocketType + FreeRunning {}

/// Tells its peers its routing id: REQ, DEALER and ROUTER.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not announce a routing id: only REQ, DEALER and ROUTER do",
    label = "libzmq would ignore the option in silence",
    note = "a routing id names a peer to a ROUTER; nothing else looks at it"
)]
pub trait Announces: SocketType {}

/// Can be attached to several endpoints: every type but PAIR.
#[diagnostic::on_unimplemented(
    message = "a PAIR socket has exactly one peer: it cannot be attached again",
    label = "already attached to its one peer",
    note = "use a DEALER to talk to several peers, or open another PAIR"
)]
pub trait ManyEndpoints: SocketType {}

/// Can talk to a socket of type `Peer`: both sides of a connection have to agree to this, or libzmq drops it in silence.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot talk to {Peer} sockets: libzmq would refuse the connection in silence",
    label = "connects a `{Self}` to an address at which a `{Peer}` listens",
    note = "the pairs are PUSH/PULL, PUB/SUB (or XPUB, XSUB), REQ/REP, REQ/ROUTER, DEALER/REP, DEALER/ROUTER, \
            DEALER/DEALER, ROUTER/ROUTER and PAIR/PAIR"
)]
pub trait TalksTo<Peer>: SocketType {}

/// May bind an address at which a socket of type `Listener` is expected.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot bind the address of a {Listener} socket: its peers expect a {Listener} there",
    label = "binds a `{Self}` to an address at which a `{Listener}` listens",
    note = "bind a socket of type `{Listener}`, or connect to the address instead"
)]
pub trait ListensAs<Listener>: SocketType {}

/// Can bind endpoints of transport `P`.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot bind over {P}",
    label = "`{Self}` does not speak this transport",
    note = "STREAM speaks tcp only; udp carries only the draft types RADIO, DISH and DGRAM; \
            every other type speaks tcp, ipc, inproc and ws"
)]
pub trait BindsOver<P>: SocketType {}

/// Can connect to endpoints of transport `P`.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot connect over {P}",
    label = "`{Self}` does not speak this transport",
    note = "STREAM speaks tcp only; udp carries only the draft types RADIO, DISH and DGRAM; \
            every other type speaks tcp, ipc, inproc and ws"
)]
pub trait ConnectsOver<P>: SocketType {}

/// Speaks the message protocol of ZeroMQ; STREAM does not.
#[doc(hidden)]
pub trait Zmtp: SocketType {}

mod sealed {
    #[diagnostic::on_unimplemented(
        message = "the ZeroMQ socket types are fixed: `{Self}` cannot become one",
        note = "use Pair, Pub, Sub, Req, Rep, Dealer, Router, Pull, Push, XPub, XSub or Stream"
    )]
    pub trait SocketType {}
}

/// Why a type refuses something. Nothing implements the rules that carry a sentence: asking for one prints it.
#[doc(hidden)]
pub mod why {
    use super::SocketType;

    // `W` keeps the never-true bound of a row that refuses from being an error in itself. Nobody names it.

    #[diagnostic::on_unimplemented(message = "`{Self}` is not known to send", note = "bound it by `CanSend`")]
    pub trait Sends<W = ()>: SocketType {}
    #[diagnostic::on_unimplemented(message = "`{Self}` is not known to receive", note = "bound it by `CanRecv`")]
    pub trait Receives<W = ()>: SocketType {}
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not known to send messages of several frames",
        note = "bound it by `CanSendMultipart`"
    )]
    pub trait SendsMultipart<W = ()>: SocketType {}
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not known to receive messages of several frames",
        note = "bound it by `CanRecvMultipart`"
    )]
    pub trait ReceivesMultipart<W = ()>: SocketType {}
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not known to have the turn to send",
        note = "bound it by `SendsNow`"
    )]
    pub trait SendsNow<W = ()>: SocketType {}
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not known to have the turn to receive",
        note = "bound it by `ReceivesNow`"
    )]
    pub trait ReceivesNow<W = ()>: SocketType {}

    #[diagnostic::on_unimplemented(
        message = "PUSH sockets only send: receive on the PULL end",
        label = "a PUSH has nothing to receive",
        note = "libzmq answers ENOTSUP, and an async wrapper waits for ever",
        note = "receive on a PULL: `context.socket::<Pull>()?`"
    )]
    pub trait PushOnlySends {}

    #[diagnostic::on_unimplemented(
        message = "PUB sockets only send: receive on a SUB",
        label = "a PUB has nothing to receive",
        note = "libzmq answers ENOTSUP, and an async wrapper waits for ever",
        note = "use an XPUB to learn who subscribes, or a SUB to receive what is published"
    )]
    pub trait PubOnlySends {}

    #[diagnostic::on_unimplemented(
        message = "this SUB has no subscription and would never receive: call `subscribe` first",
        label = "not subscribed to anything",
        note = "libzmq would drop every message in silence",
        note = "subscribe to a prefix, or to all: `let mut socket = socket.subscribe(\"\");`"
    )]
    pub trait SubHasNoTopic {}

    #[diagnostic::on_unimplemented(
        message = "SUB sockets only receive: publish from a PUB or XPUB",
        label = "a SUB cannot send",
        note = "libzmq answers ENOTSUP",
        note = "send from a PUB; to send messages upstream to an XPUB, use an XSUB and `send_upstream`"
    )]
    pub trait SubOnlyReceives {}

    #[diagnostic::on_unimplemented(
        message = "PULL sockets only receive: send from the PUSH end",
        label = "a PULL cannot send",
        note = "libzmq answers ENOTSUP",
        note = "send from a PUSH; to answer the sender, use REQ/REP or DEALER/ROUTER"
    )]
    pub trait PullOnlyReceives {}

    #[diagnostic::on_unimplemented(
        message = "XSUB sockets do not publish: they subscribe, and send messages upstream to an XPUB",
        label = "libzmq would take a first byte of 0 or 1 for a subscription",
        note = "use `also_subscribe`, `unsubscribe`, or `send_upstream` for a message to the XPUB"
    )]
    pub trait XSubDoesNotPublish {}

    #[diagnostic::on_unimplemented(
        message = "ROUTER sockets send to a peer by its routing id: use `send_to`",
        label = "says what to send, but not to whom",
        note = "libzmq would take the first frame for the routing id, and drop the message in silence",
        note = "answer a peer: `let (peer, message) = router.recv().await?; router.send_to(&peer, \"..\").await?;`"
    )]
    pub trait RouterNeedsAPeer {}

    #[diagnostic::on_unimplemented(
        message = "STREAM sockets send to a peer by its routing id: use `send_to`",
        label = "says what to send, but not to whom",
        note = "libzmq would take the message for a routing id, and the next one for its data",
        note = "the routing id comes with each event that `recv` gives"
    )]
    pub trait StreamNeedsAPeer {}

    #[diagnostic::on_unimplemented(
        message = "XPUB receives subscription events, not messages: use `recv`",
        label = "an event is one value, whatever its frames",
        note = "match on what `recv` gives: `Subscription::{{Subscribe, Unsubscribe, Upstream}}`"
    )]
    pub trait XPubReceivesEvents {}

    #[diagnostic::on_unimplemented(
        message = "STREAM receives bytes of a connection, not messages of several frames: use `recv`",
        label = "TCP has no frames",
        note = "match on what `recv` gives: `StreamEvent::{{Connected, Data, Disconnected}}`"
    )]
    pub trait StreamReceivesEvents {}

    #[diagnostic::on_unimplemented(
        message = "REQ must receive the reply before it asks again",
        label = "this REQ awaits the reply to what it has sent",
        note = "libzmq answers EFSM",
        note = "receive first: `let (reply, socket) = socket.recv().await?;`, or keep asking with `request`"
    )]
    pub trait ReqAwaitsItsReply {}

    #[diagnostic::on_unimplemented(
        message = "REQ has nothing to receive yet: send a request first",
        label = "this REQ has not asked anything",
        note = "libzmq answers EFSM, and an async wrapper waits for ever",
        note = "ask and wait in one step: `let reply = socket.request(\"..\").await?;`"
    )]
    pub trait ReqHasNotAsked {}

    #[diagnostic::on_unimplemented(
        message = "REP has no request to answer yet: receive one first",
        label = "this REP has not received a request",
        note = "libzmq answers EFSM",
        note = "receive first: `let (request, socket) = socket.recv().await?;`"
    )]
    pub trait RepHasNoRequest {}

    #[diagnostic::on_unimplemented(
        message = "REP owes a reply to the last request: send it before receiving the next",
        label = "this REP has not answered its client",
        note = "libzmq answers EFSM, and the client waits for ever",
        note = "answer first: `let socket = socket.send(\"..\").await?;`"
    )]
    pub trait RepOwesAReply {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `TalksTo` and `Kind::peers` say the same: asks the trait for every pair of types.
    #[test]
    fn the_peers_known_at_run_time_are_those_of_the_types() {
        struct Probe<A, B>(PhantomData<(A, B)>);
        trait Refused {
            const TALKS: bool = false;
        }
        impl<A, B> Refused for Probe<A, B> {}
        impl<A: TalksTo<B>, B> Probe<A, B> {
            const TALKS: bool = true;
        }
        macro_rules! pairs {
            ($($A:ident)*) => { pairs!(@ [$($A)*] [$($A)*]) };
            (@ [$($A:ident)*] $all:tt) => { $( pairs!(row $A $all); )* };
            (row $A:ident [$($B:ident)*]) => { $(
                let listed = <$A>::KIND.peers.contains(&<$B>::KIND.name);
                assert_eq!(Probe::<$A, $B>::TALKS, listed, "{} to {}", <$A>::KIND.name, <$B>::KIND.name);
                assert_eq!(listed, <$B>::KIND.peers.contains(&<$A>::KIND.name), "symmetric");
            )* };
        }
        pairs!(Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream);
    }
}
