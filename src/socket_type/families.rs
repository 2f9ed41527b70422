//! The options that only some types have: a family for each set of them, granted in the table.

use super::SocketType;

/// Sends messages, and so has a queue of them: every type but SUB, PULL, DISH and GATHER.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets send no messages: there is nothing to queue",
    label = "`{Self}` sends subscriptions at most, for which there is no limit",
    note = "set it on the socket that sends; a receiver has `recv_hwm`"
)]
pub trait SendsMessages: SocketType {}

/// Receives messages, and so has a queue of them: every type but PUB, PUSH, RADIO and SCATTER.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets receive no messages: the option would have no effect",
    label = "`{Self}` has nothing to queue or wait for",
    note = "set it on the socket that receives; a sender has `send_hwm`"
)]
pub trait ReceivesMessages: SocketType {}

/// Can limit the length of what its peers send: every type that receives, but STREAM and DGRAM; and PUB, for subscriptions.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets cannot limit the length of what they receive",
    label = "`{Self}` receives no ZeroMQ messages: ZMQ_MAXMSGSIZE would have no effect",
    note = "set it on the socket that receives; not on STREAM and DGRAM, which receive plain bytes"
)]
pub trait LimitsMessages: SocketType {}

/// Can keep only the last message: PUSH, PULL, PUB, SUB and DEALER.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not conflate: only PUSH, PULL, PUB, SUB and DEALER do",
    label = "libzmq would ignore ZMQ_CONFLATE in silence",
    note = "to keep only the last message, use one of those types"
)]
pub trait Conflates: SocketType {}

/// Hands messages to whichever peer is next, also to one whose connection does not stand yet: PAIR, REQ, DEALER and PUSH,
/// and the draft types CLIENT, SCATTER and CHANNEL.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not queue messages for a connection that does not stand yet",
    label = "ZMQ_IMMEDIATE would have no effect, or a harmful one",
    note = "it is for PAIR, REQ, DEALER and PUSH, and for the draft types CLIENT, SCATTER and CHANNEL"
)]
pub trait QueuesAhead: SocketType {}

/// Sends each message to all who want it, and drops what one of them has no room for: PUB and XPUB, and the draft type RADIO.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not drop messages for a slow subscriber: only PUB, XPUB and RADIO do",
    label = "ZMQ_XPUB_NODROP has no meaning for a `{Self}`",
    note = "the other types wait for room by themselves"
)]
pub trait Publishes: SocketType {}

/// Matches messages against topics: PUB, XPUB and SUB.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets match no topics: only PUB, XPUB and SUB do",
    label = "libzmq would ignore ZMQ_INVERT_MATCHING in silence",
    note = "set it on both ends: the PUB or XPUB, and each SUB"
)]
pub trait MatchesTopics: SocketType {}

/// Is told of subscriptions: XPUB.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets are not told of subscriptions: only XPUB is",
    label = "`{Self}` has no such option, or would be harmed by it",
    note = "use an XPUB, which is a PUB that receives subscriptions: `context.socket::<XPub>()?`"
)]
pub trait HearsSubscriptions: SocketType {}

/// Asks questions: REQ.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets ask no questions: only REQ does",
    label = "libzmq answers EINVAL to ZMQ_REQ_CORRELATE",
    note = "a DEALER numbers its requests itself, in a frame of its own"
)]
pub trait Asks: SocketType {}

/// Chooses the receiver by its name: ROUTER.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets have no table of named peers: only ROUTER has",
    label = "libzmq would answer EINVAL, or break the socket",
    note = "use a ROUTER: `context.socket::<Router>()?`"
)]
pub trait NamesPeers: SocketType {}

/// Can greet each new peer with a message: DEALER and ROUTER, and the draft types CLIENT, SERVER and PEER.
#[cfg(feature = "draft")]
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not greet their peers: ZMQ_HELLO_MSG works on DEALER, ROUTER, CLIENT, SERVER and PEER only",
    label = "libzmq would ignore it in silence",
    note = "an XPUB has `welcome_message`"
)]
pub trait Greets: SocketType {}

/// Can be told of a peer's end by a message: ROUTER, and the draft types SERVER and PEER.
#[cfg(feature = "draft")]
#[diagnostic::on_unimplemented(
    message = "{Self} sockets are not told of a peer's end: ZMQ_DISCONNECT_MSG works on ROUTER, SERVER and PEER only",
    label = "libzmq would ignore it in silence",
    note = "a `monitor` tells of every socket's connections"
)]
pub trait HearsFarewells: SocketType {}

/// Sends to multicast groups of udp: RADIO.
#[cfg(feature = "draft")]
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not send by multicast: only RADIO does, over udp",
    label = "libzmq would ignore the option in silence",
    note = "connect a RADIO to a multicast address: `udp://239.0.0.1:5555`"
)]
pub trait Multicasts: SocketType {}

/// Has connections: every type but DGRAM.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets have no connections: there is nothing to set or to monitor",
    label = "`{Self}` sends datagrams",
    note = "it is for tcp, ipc and ws"
)]
pub trait HasConnections: SocketType {}

/// Can watch its connections by heartbeats: every type but STREAM and DGRAM, and the draft types RADIO and DISH.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets have no heartbeats: STREAM and DGRAM do not speak ZMTP, and between RADIO and DISH heartbeats arrive as messages",
    label = "libzmq would ignore ZMQ_HEARTBEAT_IVL here, or break each connection by it",
    note = "for STREAM, RADIO and DISH over tcp there is `tcp_keepalive`; the other types have `heartbeat`"
)]
pub trait Heartbeats: SocketType {}

/// Speaks ZeroMQ's message protocol with its peers: every type but STREAM and DGRAM.
#[diagnostic::on_unimplemented(
    message = "{Self} sockets do not speak ZMTP, ZeroMQ's protocol: the option would have no effect",
    label = "`{Self}` sends plain bytes",
    note = "it is for every type but STREAM and DGRAM"
)]
pub trait Zmtp: SocketType {}
