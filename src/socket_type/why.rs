//! Why a type refuses something. Nothing implements the rules that carry a sentence: asking for one prints it.

#![allow(missing_docs, reason = "each carries its sentence")]

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

#[diagnostic::on_unimplemented(message = "`{Self}` is not known to connect", note = "bound it by `CanConnect`")]
pub trait Connects<W = ()>: SocketType {}

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

#[diagnostic::on_unimplemented(
    message = "SERVER sockets send to a client by its routing id: use `send_to`",
    label = "says what to send, but not to whom",
    note = "libzmq answers EHOSTUNREACH; a SERVER cannot speak first, it answers clients that have spoken",
    note = "answer one: `let (client, message) = server.recv().await?; server.send_to(&client, \"..\").await?;`"
)]
pub trait ServerNeedsAPeer {}

#[diagnostic::on_unimplemented(
    message = "PEER sockets send to a peer by its routing id: use `send_to`",
    label = "says what to send, but not to whom",
    note = "libzmq answers EHOSTUNREACH",
    note = "`connect_peer` gives the routing id of the peer it connects to, `recv` that of the one who sent"
)]
pub trait PeerNeedsAPeer {}

#[diagnostic::on_unimplemented(
    message = "RADIO sockets send to a group: use `send_to`",
    label = "says what to send, but not to which group",
    note = "libzmq would send it to the group \"\", which nobody has joined, and drop it in silence",
    note = "name the group: `radio.send_to(&group!(\"weather\"), \"sunny\").await?;`"
)]
pub trait RadioNeedsAGroup {}

#[diagnostic::on_unimplemented(
    message = "RADIO sockets only send: receive on a DISH",
    label = "a RADIO has nothing to receive",
    note = "libzmq answers ENOTSUP, and an async wrapper waits for ever",
    note = "receive on a DISH that has joined the group: `context.socket::<Dish>()?.join(&group!(\"weather\"))`"
)]
pub trait RadioOnlySends {}

#[diagnostic::on_unimplemented(
    message = "DISH sockets only receive: send from a RADIO",
    label = "a DISH cannot send",
    note = "libzmq answers ENOTSUP",
    note = "send to the group from a RADIO: `radio.send_to(&group!(\"weather\"), \"sunny\").await?;`"
)]
pub trait DishOnlyReceives {}

#[diagnostic::on_unimplemented(
    message = "this DISH has joined no group and would never receive: call `join` first",
    label = "not in any group",
    note = "libzmq would drop every message in silence",
    note = "join one: `let mut socket = socket.join(&group!(\"weather\"));`"
)]
pub trait DishHasNoGroup {}

#[diagnostic::on_unimplemented(
    message = "GATHER sockets only receive: send from the SCATTER end",
    label = "a GATHER cannot send",
    note = "libzmq answers ENOTSUP",
    note = "send from a SCATTER; to answer the sender, use CLIENT and SERVER"
)]
pub trait GatherOnlyReceives {}

#[diagnostic::on_unimplemented(
    message = "SCATTER sockets only send: receive on the GATHER end",
    label = "a SCATTER has nothing to receive",
    note = "libzmq answers ENOTSUP, and an async wrapper waits for ever",
    note = "receive on a GATHER: `context.socket::<Gather>()?`"
)]
pub trait ScatterOnlySends {}

#[diagnostic::on_unimplemented(
    message = "DGRAM sockets send to an address: use `send_to`",
    label = "says what to send, but not to whom",
    note = "libzmq would take the message for an address, and answers EINVAL",
    note = "name the receiver: `dgram.send_to(&SocketAddrV4::new(Ipv4Addr::LOCALHOST, 5555), \"..\").await?;`"
)]
pub trait DgramNeedsAnAddress {}

#[diagnostic::on_unimplemented(
    message = "{T} sockets carry messages of one frame: use `send` or `send_to`, and `recv`",
    label = "the draft types have no messages of several frames",
    note = "libzmq answers EINVAL to ZMQ_SNDMORE, and drops such a message that a peer has sent in silence",
    note = "put the parts into one frame, or use a classic type: DEALER and ROUTER, PUB and SUB, PUSH and PULL"
)]
pub trait OneFrameOnly<T> {}

#[diagnostic::on_unimplemented(
    message = "DGRAM sockets do not connect: they bind, and name the receiver of each datagram",
    label = "libzmq answers ENOCOMPATPROTO",
    note = "bind it to a port of its own: `context.socket::<Dgram>()?.bind(udp!(\"127.0.0.1:*\"))?`"
)]
pub trait DgramOnlyBinds {}

#[diagnostic::on_unimplemented(
    message = "PEER sockets connect by `connect_peer`, which gives the routing id to send to",
    label = "would connect to a peer that cannot be named",
    note = "`let (peer, mut socket) = socket.connect_peer(\"tcp://127.0.0.1:5555\")?;`"
)]
pub trait PeerConnectsByName {}

#[diagnostic::on_unimplemented(
    message = "a proxy between REP and REQ would end after one message: they take turns",
    label = "use a ROUTER and a DEALER",
    note = "clients connect a REQ to the proxy's ROUTER, and workers a REP to its DEALER"
)]
pub trait RepAndReqTakeTurns {}

#[diagnostic::on_unimplemented(
    message = "a proxy between two ROUTERs would drop every message: the sender's name is no receiver's",
    label = "use a DEALER on one side",
    note = "a broker that chooses the worker itself receives from one ROUTER and sends on the other, by `recv_request` and \
            `send_multipart_to`"
)]
pub trait RoutersDropEachOthersMessages {}

#[diagnostic::on_unimplemented(
    message = "a proxy between two PULLs would have nowhere to send to: both only receive",
    label = "use a PUSH",
    note = "workers connect a PULL to the proxy's PUSH"
)]
pub trait PullsOnlyReceive {}

#[diagnostic::on_unimplemented(
    message = "a proxy between two PUSHes would have nothing to receive: both only send",
    label = "use a PULL",
    note = "whoever has work connects a PUSH to the proxy's PULL"
)]
pub trait PushesOnlySend {}

#[diagnostic::on_unimplemented(
    message = "a proxy between these two loses nothing: it is made by `Proxy::new`",
    label = "takes all that comes",
    note = "`Proxy::one_way` is for what goes only one way and loses something, as from SUB to PUB"
)]
pub trait LosesNothing {}

#[diagnostic::on_unimplemented(
    message = "a proxy from SUB to PUB does not forward subscriptions: that is XSUB and XPUB",
    label = "use an XSUB and an XPUB",
    note = "a SUB receives what it has subscribed to itself; to forward just that, use `Proxy::one_way`"
)]
pub trait SubPubIsOneWay {}

#[cfg(feature = "draft")]
#[diagnostic::on_unimplemented(
    message = "a proxy between SERVER and CLIENT would end with the first reply: the numbers of its clients are lost",
    label = "receive from the one and send to the other",
    note = "a broker keeps the routing id of each client beside its request"
)]
pub trait ServersNumbersAreItsOwn {}
