//! THE TABLE. First what each type is and whom it talks to; then, a line for each thing that it can do, and for each that
//! it refuses the rule whose sentence the compiler prints (`why`). The draft types follow the classic ones.

#[cfg(feature = "draft")]
mod draft;

use super::*;
use crate::message::Message;
use crate::pubsub::Subscription;
use crate::routing::RoutingId;
use crate::stream::StreamEvent;

macro_rules! types {
    ($([$($P:ident)?] $T:ty, $number:literal, $name:literal, $Fresh:ty, $Kind:ty, $Incoming:ty, $wire:expr, $safe:literal,
       [$($Peer:ident)*];)*) => { $(
        impl$(<$P: 'static>)? sealed::SocketType for $T {
            const NAME: &'static str = $name;
        }
        #[diagnostic::do_not_recommend]
        impl$(<$P: 'static>)? SocketType for $T {
            type Fresh = $Fresh;
            type Kind = $Kind;
            type Incoming = $Incoming;
            const KIND: &'static Kind = &Kind {
                name: $name,
                number: $number,
                peers: &[$(<$Peer as sealed::SocketType>::NAME),*],
                wire: $wire,
                thread_safe: $safe,
            };
        }
    )* };
}

/// Grants a capability. Not by a bare impl, where a refusal would list all types that have what this one lacks.
macro_rules! grant {
    ($Trait:path: $([$($P:ident)?] $T:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl$(<$P: 'static>)? $Trait for $T {}
    )* };
}
// For the draft types, in their own half of the table.
#[cfg(feature = "draft")]
use {grant, types};

types! {
//      type     no.  name      fresh              kind    receives                       wire        shared  talks to
    []  Pair,    0,   "PAIR",   Pair,              Pair,   Message,                       Wire::Zmtp, false,  [Pair];
    []  Pub,     1,   "PUB",    Pub,               Pub,    Message,                       Wire::Zmtp, false,  [Sub XSub];
    [P] Sub<P>,  2,   "SUB",    Sub<Unsubscribed>, Sub,    Message,                       Wire::Zmtp, false,  [Pub XPub];
    [P] Req<P>,  3,   "REQ",    Req,               Req,    Message,                       Wire::Zmtp, false,  [Rep Router];
    [P] Rep<P>,  4,   "REP",    Rep,               Rep,    Message,                       Wire::Zmtp, false,  [Req Dealer];
    []  Dealer,  5,   "DEALER", Dealer,            Dealer, Message,                       Wire::Zmtp, false,  [Rep Dealer Router];
    []  Router,  6,   "ROUTER", Router,            Router, (RoutingId<Router>, Message),  Wire::Zmtp, false,  [Req Dealer Router];
    []  Pull,    7,   "PULL",   Pull,              Pull,   Message,                       Wire::Zmtp, false,  [Push];
    []  Push,    8,   "PUSH",   Push,              Push,   Message,                       Wire::Zmtp, false,  [Pull];
    []  XPub,    9,   "XPUB",   XPub,              XPub,   Subscription,                  Wire::Zmtp, false,  [Sub XSub];
    []  XSub,    10,  "XSUB",   XSub,              XSub,   Message,                       Wire::Zmtp, false,  [Pub XPub];
    []  Stream,  11,  "STREAM", Stream,            Stream, StreamEvent,                   Wire::Tcp,  false,  [Stream];
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
grant!(FreeRunning: [] Pair, [] Pub, [P] Sub<P>, [] Dealer, [] Router, [] Pull, [] Push, [] XPub, [] XSub, [] Stream);

// Whose turn it is to send, and to receive.
impl why::SendsNow for Req<Unasked> {}
impl why::SendsNow for Rep<OwingReply> {}
impl<W: why::ReqAwaitsItsReply> why::SendsNow<W> for Req<AwaitingReply> {}
impl<W: why::RepHasNoRequest> why::SendsNow<W> for Rep<AwaitingRequest> {}
impl why::ReceivesNow for Req<AwaitingReply> {}
impl why::ReceivesNow for Rep<AwaitingRequest> {}
impl<W: why::ReqHasNotAsked> why::ReceivesNow<W> for Req<Unasked> {}
impl<W: why::RepOwesAReply> why::ReceivesNow<W> for Rep<OwingReply> {}

// Who completes the handshake with whom.
grant!(TalksTo<Pair>: [] Pair);
grant!(TalksTo<Pub>: [P] Sub<P>, [] XSub);
grant!(TalksTo<XPub>: [P] Sub<P>, [] XSub);
grant!(TalksTo<Sub>: [] Pub, [] XPub);
grant!(TalksTo<XSub>: [] Pub, [] XPub);
grant!(TalksTo<Req>: [P] Rep<P>, [] Router);
grant!(TalksTo<Rep>: [P] Req<P>, [] Dealer);
grant!(TalksTo<Dealer>: [P] Rep<P>, [] Dealer, [] Router);
grant!(TalksTo<Router>: [P] Req<P>, [] Dealer, [] Router);
grant!(TalksTo<Push>: [] Pull);
grant!(TalksTo<Pull>: [] Push);
grant!(TalksTo<Stream>: [] Stream);

// Connects.
impl why::Connects for Pair {}
impl why::Connects for Pub {}
impl<P: 'static> why::Connects for Sub<P> {}
impl<P: 'static> why::Connects for Req<P> {}
impl<P: 'static> why::Connects for Rep<P> {}
impl why::Connects for Dealer {}
impl why::Connects for Router {}
impl why::Connects for Pull {}
impl why::Connects for Push {}
impl why::Connects for XPub {}
impl why::Connects for XSub {}
impl why::Connects for Stream {}

// Subscribes to topics.
grant!(CanSubscribe: [P] Sub<P>, [] XSub);

// Sends and receives at the same time, and so can be split in two.
grant!(Duplex: [] Pair, [] Dealer, [] Router, [] XPub, [] XSub, [] Stream);

// Between which a proxy goes, both ways or as far as they go. REP and REQ take turns; two ROUTERs drop everything.
grant!(BackendOf<Dealer>: [] Router, [] Dealer);
grant!(BackendOf<Router>: [] Dealer);
grant!(BackendOf<XSub>: [] XPub);
grant!(BackendOf<XPub>: [] XSub);
grant!(BackendOf<Pull>: [] Push);
grant!(BackendOf<Push>: [] Pull);
grant!(BackendOf<Pair>: [] Pair);
impl<P: 'static, Q: 'static, W: why::RepAndReqTakeTurns> BackendOf<Rep<P>, W> for Req<Q> {}
impl<P: 'static, Q: 'static, W: why::RepAndReqTakeTurns> BackendOf<Req<P>, W> for Rep<Q> {}
impl<W: why::RoutersDropEachOthersMessages> BackendOf<Router, W> for Router {}
impl<W: why::PullsOnlyReceive> BackendOf<Pull, W> for Pull {}
impl<W: why::PushesOnlySend> BackendOf<Push, W> for Push {}
impl<P: 'static, W: why::SubPubIsOneWay> BackendOf<Sub<P>, W> for Pub {}
impl<P: 'static, W: why::SubPubIsOneWay> BackendOf<Sub<P>, W> for XPub {}

// One way, with a loss.
grant!(SinkOf<Sub>: [] Pub, [] Push);
grant!(SinkOf<Pull>: [] Pub);
impl<W: why::LosesNothing> SinkOf<Pull, W> for Push {}
impl<W: why::LosesNothing> SinkOf<XSub, W> for XPub {}
impl<W: why::LosesNothing> SinkOf<Router, W> for Dealer {}

// Captures what goes through a proxy.
grant!(Captures: [] Pub, [] Dealer, [] Push, [] Pair);

// Tells its peers its routing id.
grant!(Announces: [P] Req<P>, [] Dealer, [] Router);

// Can have several endpoints. A PAIR has one peer.
grant!(ManyEndpoints: [] Pub, [P] Sub<P>, [P] Req<P>, [P] Rep<P>, [] Dealer, [] Router, [] Pull, [] Push, [] XPub, [] XSub, [] Stream);

// Over which transports. What is only known at run time is checked then.
grant!(Zmtp: [] Pair, [] Pub, [P] Sub<P>, [P] Req<P>, [P] Rep<P>, [] Dealer, [] Router, [] Pull, [] Push, [] XPub, [] XSub);
#[diagnostic::do_not_recommend]
grant!(BindsOver<Tcp>: [] Stream);
#[diagnostic::do_not_recommend]
grant!(ConnectsOver<Tcp>: [] Stream);

// Which options have an effect on it: the families.
grant!(SendsMessages: [] Pair, [] Pub, [P] Req<P>, [P] Rep<P>, [] Dealer, [] Router, [] Push, [] XPub, [] XSub, [] Stream);
grant!(ReceivesMessages: [] Pair, [P] Sub<P>, [P] Req<P>, [P] Rep<P>, [] Dealer, [] Router, [] Pull, [] XPub, [] XSub, [] Stream);
grant!(LimitsMessages: [] Pair, [] Pub, [P] Sub<P>, [P] Req<P>, [P] Rep<P>, [] Dealer, [] Router, [] Pull, [] XPub, [] XSub);
grant!(HasConnections: [] Pair, [] Pub, [P] Sub<P>, [P] Req<P>, [P] Rep<P>, [] Dealer, [] Router, [] Pull, [] Push, [] XPub, [] XSub, [] Stream);
grant!(Heartbeats: [] Pair, [] Pub, [P] Sub<P>, [P] Req<P>, [P] Rep<P>, [] Dealer, [] Router, [] Pull, [] Push, [] XPub, [] XSub);
grant!(QueuesAhead: [] Pair, [P] Req<P>, [] Dealer, [] Push);
grant!(Conflates: [] Pub, [P] Sub<P>, [] Dealer, [] Pull, [] Push);
grant!(Publishes: [] Pub, [] XPub);
grant!(MatchesTopics: [] Pub, [P] Sub<P>, [] XPub);
grant!(HearsSubscriptions: [] XPub);
grant!(Asks: [P] Req<P>);
grant!(NamesPeers: [] Router);
#[cfg(feature = "draft")]
grant!(Greets: [] Dealer, [] Router);
#[cfg(feature = "draft")]
grant!(HearsFarewells: [] Router);
