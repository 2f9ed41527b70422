//! The draft half of the table.

use std::net::SocketAddrV4;

use super::*;
use crate::endpoint::Udp;
use crate::radio_dish::Group;

types! {
//      type      no.  name       fresh           kind     receives                       wire                             shared  talks to
    []  Server,   12,  "SERVER",  Server,         Server,  (RoutingId<Server>, Message),  Wire::Zmtp,                      true,   [Client];
    []  Client,   13,  "CLIENT",  Client,         Client,  Message,                       Wire::Zmtp,                      true,   [Server];
    []  Radio,    14,  "RADIO",   Radio,          Radio,   Message,                       Wire::ZmtpOrUdp(Side::Connect),  true,   [Dish];
    [P] Dish<P>,  15,  "DISH",    Dish<Unjoined>, Dish,    (Group, Message),              Wire::ZmtpOrUdp(Side::Bind),     true,   [Radio];
    []  Gather,   16,  "GATHER",  Gather,         Gather,  Message,                       Wire::Zmtp,                      true,   [Scatter];
    []  Scatter,  17,  "SCATTER", Scatter,        Scatter, Message,                       Wire::Zmtp,                      true,   [Gather];
    []  Dgram,    18,  "DGRAM",   Dgram,          Dgram,   (SocketAddrV4, Message),       Wire::Udp(Side::Bind),           false,  [Dgram];
    []  Peer,     19,  "PEER",    Peer,           Peer,    (RoutingId<Peer>, Message),    Wire::Zmtp,                      true,   [Peer];
    []  Channel,  20,  "CHANNEL", Channel,        Channel, Message,                       Wire::Zmtp,                      true,   [Channel];
}

// Sends to whichever peer is next.
impl why::Sends for Client {}
impl why::Sends for Scatter {}
impl why::Sends for Channel {}
impl<W: why::ServerNeedsAPeer> why::Sends<W> for Server {}
impl<W: why::RadioNeedsAGroup> why::Sends<W> for Radio {}
impl<P: 'static, W: why::DishOnlyReceives> why::Sends<W> for Dish<P> {}
impl<W: why::GatherOnlyReceives> why::Sends<W> for Gather {}
impl<W: why::DgramNeedsAnAddress> why::Sends<W> for Dgram {}
impl<W: why::PeerNeedsAPeer> why::Sends<W> for Peer {}

// Receives.
impl why::Receives for Server {}
impl why::Receives for Client {}
impl why::Receives for Dish {}
impl why::Receives for Gather {}
impl why::Receives for Dgram {}
impl why::Receives for Peer {}
impl why::Receives for Channel {}
impl<W: why::RadioOnlySends> why::Receives<W> for Radio {}
impl<W: why::ScatterOnlySends> why::Receives<W> for Scatter {}
impl<W: why::DishHasNoGroup> why::Receives<W> for Dish<Unjoined> {}

// Sends messages of several frames: none of them.
impl<W: why::OneFrameOnly<Server>> why::SendsMultipart<W> for Server {}
impl<W: why::OneFrameOnly<Client>> why::SendsMultipart<W> for Client {}
impl<W: why::OneFrameOnly<Radio>> why::SendsMultipart<W> for Radio {}
impl<P: 'static, W: why::DishOnlyReceives> why::SendsMultipart<W> for Dish<P> {}
impl<W: why::GatherOnlyReceives> why::SendsMultipart<W> for Gather {}
impl<W: why::OneFrameOnly<Scatter>> why::SendsMultipart<W> for Scatter {}
impl<W: why::OneFrameOnly<Dgram>> why::SendsMultipart<W> for Dgram {}
impl<W: why::OneFrameOnly<Peer>> why::SendsMultipart<W> for Peer {}
impl<W: why::OneFrameOnly<Channel>> why::SendsMultipart<W> for Channel {}

// Receives messages of several frames: none of them.
impl<W: why::OneFrameOnly<Server>> why::ReceivesMultipart<W> for Server {}
impl<W: why::OneFrameOnly<Client>> why::ReceivesMultipart<W> for Client {}
impl<W: why::RadioOnlySends> why::ReceivesMultipart<W> for Radio {}
impl<W: why::OneFrameOnly<Dish>> why::ReceivesMultipart<W> for Dish {}
impl<W: why::DishHasNoGroup> why::ReceivesMultipart<W> for Dish<Unjoined> {}
impl<W: why::OneFrameOnly<Gather>> why::ReceivesMultipart<W> for Gather {}
impl<W: why::ScatterOnlySends> why::ReceivesMultipart<W> for Scatter {}
impl<W: why::OneFrameOnly<Dgram>> why::ReceivesMultipart<W> for Dgram {}
impl<W: why::OneFrameOnly<Peer>> why::ReceivesMultipart<W> for Peer {}
impl<W: why::OneFrameOnly<Channel>> why::ReceivesMultipart<W> for Channel {}

// Sends and receives whenever it likes.
grant!(FreeRunning: [] Server, [] Client, [] Radio, [P] Dish<P>, [] Gather, [] Scatter, [] Dgram, [] Peer, [] Channel);

// Who completes the handshake with whom.
grant!(TalksTo<Client>: [] Server);
grant!(TalksTo<Server>: [] Client);
grant!(TalksTo<Dish>: [] Radio);
grant!(TalksTo<Radio>: [P] Dish<P>);
grant!(TalksTo<Scatter>: [] Gather);
grant!(TalksTo<Gather>: [] Scatter);
grant!(TalksTo<Dgram>: [] Dgram);
grant!(TalksTo<Peer>: [] Peer);
grant!(TalksTo<Channel>: [] Channel);

// Connects.
impl why::Connects for Server {}
impl why::Connects for Client {}
impl why::Connects for Radio {}
impl<P: 'static> why::Connects for Dish<P> {}
impl why::Connects for Gather {}
impl why::Connects for Scatter {}
impl why::Connects for Channel {}
impl<W: why::DgramOnlyBinds> why::Connects<W> for Dgram {}
impl<W: why::PeerConnectsByName> why::Connects<W> for Peer {}

// Joins groups.
grant!(CanJoin: [P] Dish<P>);

// Between which a proxy goes. SERVER and PEER know their peers by numbers, which mean nothing to another socket.
grant!(BackendOf<Gather>: [] Scatter);
grant!(BackendOf<Scatter>: [] Gather);
grant!(BackendOf<Channel>: [] Channel);
impl<W: why::ServersNumbersAreItsOwn> BackendOf<Server, W> for Client {}
impl<W: why::ServersNumbersAreItsOwn> BackendOf<Client, W> for Server {}
grant!(SinkOf<Dish>: [] Radio);

// Can be used by several threads at once.
grant!(ThreadSafe: [] Server, [] Client, [] Radio, [P] Dish<P>, [] Gather, [] Scatter, [] Peer, [] Channel);

// Can have several endpoints. A CHANNEL has one peer, a DGRAM one port.
grant!(ManyEndpoints: [] Server, [] Client, [] Radio, [P] Dish<P>, [] Gather, [] Scatter, [] Peer);

// Over which transports.
grant!(Zmtp: [] Server, [] Client, [] Radio, [P] Dish<P>, [] Gather, [] Scatter, [] Peer, [] Channel);
grant!(BindsOver<Udp>: [P] Dish<P>);
#[diagnostic::do_not_recommend]
grant!(BindsOver<Udp>: [] Dgram);
grant!(ConnectsOver<Udp>: [] Radio);

// Which options have an effect on it: the families.
grant!(SendsMessages: [] Server, [] Client, [] Radio, [] Scatter, [] Dgram, [] Peer, [] Channel);
grant!(ReceivesMessages: [] Server, [] Client, [P] Dish<P>, [] Gather, [] Dgram, [] Peer, [] Channel);
grant!(LimitsMessages: [] Server, [] Client, [P] Dish<P>, [] Gather, [] Peer, [] Channel);
grant!(HasConnections: [] Server, [] Client, [] Radio, [P] Dish<P>, [] Gather, [] Scatter, [] Peer, [] Channel);
// Not RADIO and DISH: a DISH takes the command for a message, and ends the connection.
grant!(Heartbeats: [] Server, [] Client, [] Gather, [] Scatter, [] Peer, [] Channel);
grant!(QueuesAhead: [] Client, [] Scatter, [] Channel);
grant!(Publishes: [] Radio);
grant!(Greets: [] Server, [] Client, [] Peer);
grant!(HearsFarewells: [] Server, [] Peer);
grant!(Multicasts: [] Radio);
