//! Options, chained on a socket before it binds or connects; a few also act later, on an attached one.
//!
//! Follows [zmq_setsockopt(3)](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).

mod read;
mod stored;
mod values;

use std::ffi::c_int;
#[cfg(feature = "draft")]
use std::num::NonZeroU8;
use std::num::{NonZeroU32, NonZeroU64};
use std::time::Duration;

pub use read::Options;
use stored::Stored;
pub use values::*;

use crate::error::Result;
use crate::message::Message;
use crate::mode::why::InTime;
use crate::mode::{Attached, Idle};
use crate::raw::{Value, try_device};
use crate::routing::{Name, RoutingId};
use crate::security::SecurityRole;
use crate::socket::Socket;
use crate::socket_type::{
    Announces, Asks, Conflates, HasConnections, HearsSubscriptions, Heartbeats, LimitsMessages, MatchesTopics,
    NamesPeers, Publishes, QueuesAhead, ReceivesMessages, Router, SendsMessages, SocketType, XPub, Zmtp,
};
#[cfg(feature = "draft")]
use crate::socket_type::{Greets, HearsFarewells, Multicasts};

/// Declares options. A row: libzmq's name and number, the method and its value, the family of types that have it, the method
/// that sets it on an attached socket (`live`), the define without which libzmq ignores it (`needs`), and the one that
/// reads it back (`get`).
///
/// Bounds are handed down as they stand: an error about one then shows that line, and nothing of the macros.
macro_rules! options {
    (before $early:tt; $(
        $(#[$attribute:meta])*
        $name:literal $number:literal $method:ident $given:tt as $Stored:ty, where $bound:tt
            $(, live $set:ident)? $(, needs $define:literal)? $(, get $get:ident)?;
    )*) => {
        /// # Options
        impl<T: SocketType, S: SecurityRole> Socket<T, Idle<S>> { $(
            setter! { $(#[$attribute])* $name $number $method $given $Stored, $bound $(, $define)? }
        )* }
        /// # Options of an attached socket
        impl<T: SocketType, M: Attached> Socket<T, M> {
            $( $( live! { $name $number $method $set $given $Stored, $bound } )? )*
            $( too_late! { $method $given $early } )*
        }
        impl<T: SocketType> Options<'_, T> { $( $(
            getter! { $name $number $get $Stored, $bound }
        )? )* }
    };
}

macro_rules! setter {
    ($(#[$attribute:meta])* $name:literal $number:literal $method:ident ($value:ident: $Given:ty) $Stored:ty,
     [$($bound:tt)+] $(, $define:literal)?) => {
        $(#[$attribute])*
        #[doc(alias = $name)]
        pub fn $method(mut self, $value: $Given) -> Self
        where
            $($bound)+
        {
            let value: $Stored = $value.into();
            let core = self.core_mut();
            $( core.needs($name, $define, cfg!(libzmq_define = $define)); )?
            core.set($number, $name, value.encode());
            self
        }
    };
}

macro_rules! live {
    ($name:literal $number:literal $method:ident $set:ident ($value:ident: $Given:ty) $Stored:ty, [$($bound:tt)+]) => {
        #[doc = concat!("As [`", stringify!($method), "`](Socket::", stringify!($method), "), from now on.")]
        #[doc(alias = $name)]
        pub fn $set(&mut self, $value: $Given) -> Result<()>
        where
            $($bound)+
        {
            let value: $Stored = $value.into();
            self.core_mut().set_live($number, $name, value.encode())
        }
    };
}

macro_rules! getter {
    ($name:literal $number:literal $get:ident $Stored:ty, [$($bound:tt)+]) => {
        #[doc = concat!("See [`", stringify!($get), "`](Socket::", stringify!($get), ").")]
        #[doc(alias = $name)]
        pub fn $get(&self) -> Result<$Stored>
        where
            $($bound)+
        {
            self.read($number)
        }
    };
}

/// The same name on an attached socket, for the sentence that says why not. Completion does not offer it.
macro_rules! too_late {
    ($method:ident ($($value:ident: $Given:ty)?) [$($bound:tt)+]) => {
        #[doc(hidden)]
        pub fn $method(self, $(_: $Given)?) -> Self
        where
            $($bound)+
        {
            self
        }
    };
}

/// Options of libzmq that a socket cannot have here, for the sentence that says why not. Completion does not offer them.
macro_rules! not_offered {
    ($($method:ident ($Given:ty) [$($bound:tt)+];)*) => {
        #[doc(hidden)]
        impl<T, M> Socket<T, M> { $(
            pub fn $method(self, _: $Given) -> Self
            where
                $($bound)+
            {
                self
            }
        )* }
    };
}

not_offered! {
    req_relaxed(bool) [T: why::RelaxesAlone];
    xpub_manual(bool) [T: why::SubscribesForOthers];
    router_raw(bool) [T: why::GoesRaw];
    ipv4only(bool) [T: why::IsIpv4Only];
    tcp_accept_filter(&str) [T: why::FiltersAddresses];
}

#[doc(hidden)]
pub mod why {
    #[diagnostic::on_unimplemented(
        message = "ZMQ_REQ_RELAXED is not for use alone: an answer to an old question would be taken for that to the new one",
        label = "needs ZMQ_REQ_CORRELATE beside it",
        note = "use `correlated()`, which sets both; a REQ that gives up a question goes on without it too"
    )]
    pub trait RelaxesAlone {}

    #[diagnostic::on_unimplemented(
        message = "ZMQ_XPUB_MANUAL is not offered: on a PUB nothing would be delivered any more, on an XPUB memory is corrupted",
        label = "libzmq keeps pointers to subscribers that may have gone",
        note = "leave it out: `recv` on an XPUB tells who subscribes, and who publishes may choose its topics by that"
    )]
    pub trait SubscribesForOthers {}

    #[diagnostic::on_unimplemented(
        message = "ZMQ_ROUTER_RAW is deprecated: plain TCP is spoken by a STREAM",
        label = "connections that stand would go on with ZMTP",
        note = "use a STREAM: `context.socket::<Stream>()?`"
    )]
    pub trait GoesRaw {}

    #[diagnostic::on_unimplemented(
        message = "ZMQ_IPV4ONLY is deprecated, and says the opposite of ZMQ_IPV6",
        label = "IPv4 only is how a socket begins",
        note = "leave it out, or use `ipv6(false)`"
    )]
    pub trait IsIpv4Only {}

    #[diagnostic::on_unimplemented(
        message = "ZMQ_TCP_ACCEPT_FILTER is deprecated: who may connect is decided by a ZAP handler",
        label = "it would be ignored over ws and ipc",
        note = "use `zap_domain(&domain)`, with `let domain = ZapHandler::start(&context)?.domain(\"name\", Addresses::only(..))?`"
    )]
    pub trait FiltersAddresses {}
}

options! {
    before [M: InTime];

    // Queues ----------------------------------------------------------------------------------------------------------

    /// How many messages wait for each peer that is slower than this socket sends: 1000 unless set. What has gone counts until
    /// libzmq hears of it, which is by halves of the limit, and once in a millisecond or so: a PUB that publishes more than half
    /// of it in such a time may drop some of that, although everybody keeps up.
    "ZMQ_SNDHWM" 23 send_hwm(limit: Hwm) as Hwm, where [T: SendsMessages], get send_hwm;

    /// How many messages of each peer wait for this socket to receive them: 1000 unless set.
    "ZMQ_RCVHWM" 24 recv_hwm(limit: Hwm) as Hwm, where [T: ReceivesMessages], get recv_hwm;

    /// Keeps only the last message for each peer, in place of a queue: for values of which only the newest counts, set on both
    /// ends. Over tcp, ipc and ws; over inproc `bind` and `connect` refuse it.
    ///
    /// Messages of one frame only: others are an [`Error::ConflatedMultipart`](crate::Error::ConflatedMultipart), and a peer
    /// that sends one spoils the socket ([`Error::ConflatedPeer`](crate::Error::ConflatedPeer)). What goes the other way is
    /// conflated too: a SUB can have one topic, and a PUB hears of the last that each peer subscribed to. The last message
    /// before a close may not be delivered, and one that comes while the one before it is being received may wait for the next.
    "ZMQ_CONFLATE" 54 conflate(only_the_last: bool) as bool, where [T: Conflates], get conflate;

    /// Queues messages only for peers whose connection stands: `send` waits until one does, in place of filling the queue of
    /// a peer that may never come. Off unless set.
    ///
    /// What is queued for a connection that is then lost is lost with it; without this option it waits for the next one.
    "ZMQ_IMMEDIATE" 39 immediate(only_to_connected: bool) as bool, where [T: QueuesAhead], get immediate;

    /// The longest message that is received, in bytes; at least 1024, since the handshake has to pass too. A peer that sends
    /// a longer one is disconnected; one that this socket has connected to for good. No limit unless set. Not over inproc. CURVE takes 33
    /// bytes of it.
    ///
    /// On a PUB it limits the topics that peers subscribe to.
    "ZMQ_MAXMSGSIZE" 22 max_message_size(bytes: u64) as Option<u64>, where [T: LimitsMessages], get max_message_size;

    /// Waits for a slow subscriber, in place of dropping what it has no room for. Off unless set: one subscriber that stands
    /// still then holds up all others.
    "ZMQ_XPUB_NODROP" 69 no_drop(wait: bool) as bool, where [T: Publishes], live set_no_drop;

    /// How long the `blocking_` calls that send wait at most: then they fail with
    /// [`Error::TimedOut`](crate::Error::TimedOut), which has the message in it. Without limit unless set. Around the async
    /// calls, use `tokio::time::timeout`.
    "ZMQ_SNDTIMEO" 28 send_timeout(limit: impl Into<Timeout>) as Timeout, where [T: SendsMessages], live set_send_timeout, get send_timeout;

    /// How long the `blocking_` calls that receive wait at most: then they fail with
    /// [`Error::TimedOut`](crate::Error::TimedOut). Without limit unless set. Around the async calls, use
    /// `tokio::time::timeout`.
    "ZMQ_RCVTIMEO" 27 recv_timeout(limit: impl Into<Timeout>) as Timeout, where [T: ReceivesMessages], live set_recv_timeout, get recv_timeout;

    // Names and topics ------------------------------------------------------------------------------------------------

    /// The name under which the ROUTERs that this socket talks to know it; they make one up for a socket without.
    ///
    /// It must be unique among the peers of each of them: libzmq ignores the second of the same name, unless the ROUTER
    /// has [`router_handover`](Socket::router_handover).
    #[doc(alias = "ZMQ_IDENTITY")]
    "ZMQ_ROUTING_ID" 5 routing_id(name: &RoutingId<Router>) as Name, where [T: Announces];

    /// Sends an empty message to each new peer, so that a ROUTER knows of this socket at once. For peers that are ROUTERs:
    /// any other type receives a message that means nothing to it. Off unless set.
    "ZMQ_PROBE_ROUTER" 51 probe_router(probe: bool) as bool, where [T: Announces];

    /// Gives the name of a peer to a new one that comes with the same, in place of ignoring the new one: for peers that come
    /// back before this socket has noticed that they were gone. Off unless set.
    "ZMQ_ROUTER_HANDOVER" 56 router_handover(hand_over: bool) as bool, where [T: NamesPeers], live set_router_handover;

    /// Makes a send to a peer that is not there an [`Error::Unroutable`](crate::Error::Unroutable), and one to a peer
    /// without room wait. On unless set, other than in libzmq, which drops such messages in silence.
    "ZMQ_ROUTER_MANDATORY" 33 router_mandatory(told: bool) as bool, where [T: NamesPeers], live set_router_mandatory;

    /// Sends, and receives, what does *not* match the topics. All of the PUBs, XPUBs and SUBs of a pattern must agree on it.
    /// Off unless set.
    "ZMQ_INVERT_MATCHING" 74 invert_matching(invert: bool) as bool, where [T: MatchesTopics], live set_invert_matching, get invert_matching;

    /// What each new subscriber receives first, if it has subscribed to it. Over inproc the bind has to come before the
    /// connect.
    "ZMQ_XPUB_WELCOME_MSG" 72 welcome_message(message: impl Into<Message>) as Message, where [T: HearsSubscriptions];

    /// Tells the peers a property of this socket. Can be set several times.
    "ZMQ_METADATA" 95 metadata(property: Metadata) as Metadata, where [T: Zmtp];

    // Connections -----------------------------------------------------------------------------------------------------

    /// How long the handshake with a peer may take, before the connection is closed: 30 seconds unless set. `None` is for
    /// ever. libzmq does not heed it over ws.
    "ZMQ_HANDSHAKE_IVL" 66 handshake_interval(limit: impl Into<Option<Duration>>) as Option<Duration>, where [T: Zmtp], get handshake_interval;

    /// How long a tcp connect may take before the next try; as the system has it unless set.
    "ZMQ_CONNECT_TIMEOUT" 79 connect_timeout(limit: impl Into<Option<Duration>>) as Option<Duration>, where [T: HasConnections], get connect_timeout;

    /// Stops trying to get back to a peer. It goes on unless set, but for a peer that breaks the protocol.
    ///
    /// An endpoint that was given up is still attached: `disconnect` from it before you connect anew.
    "ZMQ_RECONNECT_STOP" 109 reconnect_stop(when: ReconnectStop) as Option<ReconnectStop>, where [T: HasConnections], get reconnect_stop;

    /// How many connections that have not been accepted yet may wait at a bound endpoint: 100 unless set.
    "ZMQ_BACKLOG" 19 backlog(connections: NonZeroU32) as NonZeroU32, where [T: HasConnections], get backlog;

    /// Which of the context's I/O threads serve this socket's connections: a bit for each, the lowest for the first. All
    /// unless set; `bind` and `connect` fail where there is none of them.
    "ZMQ_AFFINITY" 4 affinity(threads: NonZeroU64) as Option<NonZeroU64>, where [T: SocketType], get affinity;

    /// Lets names and wildcards stand for IPv6 addresses too. An IPv6 address in an endpoint sets it by itself.
    "ZMQ_IPV6" 42 ipv6(allow: bool) as bool, where [T: HasConnections], get ipv6;

    /// The size of the system's send buffer for each connection, in bytes; as the system has it unless set.
    "ZMQ_SNDBUF" 11 send_buffer(bytes: NonZeroU32) as Option<NonZeroU32>, where [T: HasConnections], get send_buffer;

    /// The size of the system's receive buffer for each connection, in bytes; as the system has it unless set.
    "ZMQ_RCVBUF" 12 recv_buffer(bytes: NonZeroU32) as Option<NonZeroU32>, where [T: HasConnections], get recv_buffer;

    /// The type-of-service byte of the packets (DSCP and ECN). 0 unless set.
    "ZMQ_TOS" 57 tos(byte: u8) as u8, where [T: HasConnections], get tos;

    /// How long sent data may stay unacknowledged before tcp gives the connection up; as the system has it unless set.
    "ZMQ_TCP_MAXRT" 80 tcp_max_retransmit(limit: impl Into<Option<Duration>>) as Option<Duration>, where [T: HasConnections], get tcp_max_retransmit;

    /// Lets only this user's processes connect over ipc, and the other users and processes that are set. Checked by the
    /// system's word for it, not the peer's.
    "ZMQ_IPC_FILTER_UID" 59 ipc_filter_uid(user: u32) as u32, where [T: HasConnections], needs "ZMQ_HAVE_SO_PEERCRED";

    /// Lets only this process connect over ipc, and the other users and processes that are set.
    "ZMQ_IPC_FILTER_PID" 58 ipc_filter_pid(process: NonZeroU32) as NonZeroU32, where [T: HasConnections], needs "ZMQ_HAVE_SO_PEERCRED";
}

#[cfg(feature = "draft")]
options! {
    before [M: InTime];

    /// The most that is read from a connection at once: unless set 256 KiB over ipc and the loopback interface, else 64 KiB,
    /// where libzmq itself has 8 KiB. More makes many small messages faster, and costs up to that much memory for each
    /// connection, and for each message that is kept.
    "ZMQ_IN_BATCH_SIZE" 101 in_batch_size(bytes: BatchSize) as BatchSize, where [T: HasConnections], get in_batch_size;

    /// The most that is written to a connection at once: unless set 256 KiB over the loopback interface, 64 KiB over ipc, else
    /// 8 KiB, as libzmq itself has it everywhere. More makes many small messages faster, and costs that much memory for each
    /// connection.
    ///
    /// When a socket closes, what the system's [`send_buffer`](Socket::send_buffer) has not taken of the last batch is lost,
    /// whatever the linger: libzmq ends the connection with it half written. Those sizes are what the system takes once it has
    /// room at all; with a `send_buffer` of your own it is 8 KiB. For larger ones set that to a few times as much, or wait for
    /// an answer before closing.
    "ZMQ_OUT_BATCH_SIZE" 102 out_batch_size(bytes: BatchSize) as BatchSize, where [T: HasConnections], get out_batch_size;

    /// What each new peer receives first. Over inproc the bind has to come before the connect.
    "ZMQ_HELLO_MSG" 110 hello_message(message: impl Into<Message>) as Message, where [T: Greets];

    /// What this socket receives, as if from the peer, when the connection of a peer that had connected to it has ended. Of
    /// those that this socket has connected to, a [`Monitor`](crate::Monitor) tells.
    "ZMQ_DISCONNECT_MSG" 111 disconnect_message(message: impl Into<Message>) as Message, where [T: HearsFarewells];

    /// The priority of tcp packets in the queues of the network interfaces. 0 unless set.
    "ZMQ_PRIORITY" 112 priority(priority: Priority) as Priority, where [T: HasConnections], needs "ZMQ_HAVE_SO_PRIORITY", get priority;

    /// How many routers a multicast datagram may pass: 1 unless set, the local network. For IPv4 groups; libzmq does not heed
    /// it for IPv6.
    "ZMQ_MULTICAST_HOPS" 25 multicast_hops(routers: NonZeroU8) as NonZeroU8, where [T: Multicasts], get multicast_hops;

    /// Whether multicast datagrams reach this machine too. They do unless set.
    "ZMQ_MULTICAST_LOOP" 96 multicast_loop(local: bool) as bool, where [T: Multicasts], get multicast_loop;
}

// What takes several of libzmq's options, or a look beforehand.
/// # Options of several parts
impl<T: SocketType, S: SecurityRole> Socket<T, Idle<S>> {
    /// How long messages that were accepted go on being delivered after the socket is closed: 30 seconds unless set
    /// (none for SUB, XSUB and DISH), other than in libzmq, which goes on for ever. Takes a [`Duration`], or a [`Linger`].
    #[doc(alias = "ZMQ_LINGER")]
    pub fn linger(mut self, linger: impl Into<Linger>) -> Self {
        self.core_mut().set_linger(linger.into());
        self
    }

    /// How a connection that was lost is made again: every 100 milliseconds unless set.
    #[doc(alias = "ZMQ_RECONNECT_IVL")]
    #[doc(alias = "ZMQ_RECONNECT_IVL_MAX")]
    pub fn reconnect(mut self, how: Reconnect) -> Self
    where
        T: HasConnections,
    {
        let (interval, longest) = match how {
            Reconnect::Never => (-1, 0),
            Reconnect::Every(interval) => (millis(interval), 0),
            Reconnect::Backoff(Backoff { first, longest }) => (first, longest),
        };
        self.core_mut().set(18, "ZMQ_RECONNECT_IVL", Value::Int(interval));
        self.core_mut().set(21, "ZMQ_RECONNECT_IVL_MAX", Value::Int(longest));
        self
    }

    /// Notices a peer that has vanished without a word. Off unless set. Not over inproc. A RADIO and a DISH have
    /// none: a DISH takes what comes for a message, and ends the connection.
    ///
    /// libzmq 4.3.4 aborts the process when a heartbeat is due to a connection that has ended while this socket was at its
    /// [`recv_hwm`](Socket::recv_hwm): give a socket that receives [`Hwm::Unlimited`] beside it.
    #[doc(alias = "ZMQ_HEARTBEAT_IVL")]
    #[doc(alias = "ZMQ_HEARTBEAT_TIMEOUT")]
    #[doc(alias = "ZMQ_HEARTBEAT_TTL")]
    pub fn heartbeat(mut self, heartbeat: Heartbeat) -> Self
    where
        T: Heartbeats,
    {
        let core = self.core_mut();
        core.set(75, "ZMQ_HEARTBEAT_IVL", Value::Int(heartbeat.interval));
        core.set(77, "ZMQ_HEARTBEAT_TIMEOUT", Value::Int(heartbeat.timeout.unwrap_or(heartbeat.interval)));
        core.set(76, "ZMQ_HEARTBEAT_TTL", Value::Int(heartbeat.ttl.map_or(0, Ttl::millis)));
        self
    }

    /// Has the system notice a tcp peer that has vanished. As the system has it unless set.
    #[doc(alias = "ZMQ_TCP_KEEPALIVE")]
    #[doc(alias = "ZMQ_TCP_KEEPALIVE_IDLE")]
    #[doc(alias = "ZMQ_TCP_KEEPALIVE_INTVL")]
    #[doc(alias = "ZMQ_TCP_KEEPALIVE_CNT")]
    pub fn tcp_keepalive(mut self, keepalive: TcpKeepalive) -> Self
    where
        T: HasConnections,
    {
        let core = self.core_mut();
        let mut set = |number, name, define, built, value| {
            core.needs(name, define, built);
            core.set(number, name, Value::Int(value));
        };
        let (define, built) = ("ZMQ_HAVE_SO_KEEPALIVE", cfg!(libzmq_define = "ZMQ_HAVE_SO_KEEPALIVE"));
        let TcpKeepalive::On { idle, interval, count } = keepalive else {
            set(34, "ZMQ_TCP_KEEPALIVE", define, built, 0);
            return self;
        };
        set(34, "ZMQ_TCP_KEEPALIVE", define, built, 1);
        if let Some(idle) = idle {
            let (define, built) = ("ZMQ_HAVE_TCP_KEEPIDLE", cfg!(libzmq_define = "ZMQ_HAVE_TCP_KEEPIDLE"));
            set(36, "ZMQ_TCP_KEEPALIVE_IDLE", define, built, TcpKeepalive::seconds(idle));
        }
        if let Some(interval) = interval {
            let (define, built) = ("ZMQ_HAVE_TCP_KEEPINTVL", cfg!(libzmq_define = "ZMQ_HAVE_TCP_KEEPINTVL"));
            set(37, "ZMQ_TCP_KEEPALIVE_INTVL", define, built, TcpKeepalive::seconds(interval));
        }
        if let Some(count) = count {
            let (define, built) = ("ZMQ_HAVE_TCP_KEEPCNT", cfg!(libzmq_define = "ZMQ_HAVE_TCP_KEEPCNT"));
            set(35, "ZMQ_TCP_KEEPALIVE_CNT", define, built, TcpKeepalive::probes(count));
        }
        self
    }

    /// Goes through a SOCKS5 proxy, for tcp connections.
    #[doc(alias = "ZMQ_SOCKS_PROXY")]
    #[doc(alias = "ZMQ_SOCKS_USERNAME")]
    #[doc(alias = "ZMQ_SOCKS_PASSWORD")]
    pub fn socks_proxy(mut self, proxy: SocksProxy) -> Self
    where
        T: HasConnections,
    {
        let core = self.core_mut();
        if let Err(fault) = proxy.at.for_connect() {
            core.fault(fault.into());
            return self;
        }
        let mut set = |number, name, text: String| core.set(number, name, Value::Bytes(text.into_bytes().into()));
        set(68, "ZMQ_SOCKS_PROXY", proxy.at.address().to_owned());
        if let Some((user, password)) = proxy.login {
            set(99, "ZMQ_SOCKS_USERNAME", user);
            set(100, "ZMQ_SOCKS_PASSWORD", password);
        }
        self
    }

    /// Binds and connects only through this network interface, as `"eth0"`. A privilege of the process may be needed.
    ///
    /// An interface that is not there, or not allowed, is an [`Error::Option`](crate::Error::Option), which `bind` or `connect`
    /// returns; libzmq would connect again and again.
    #[doc(alias = "ZMQ_BINDTODEVICE")]
    pub fn bind_to_device(mut self, interface: &str) -> Self {
        const NAME: &str = "ZMQ_BINDTODEVICE";
        let core = self.core_mut();
        core.needs(NAME, "ZMQ_HAVE_SO_BINDTODEVICE", cfg!(libzmq_define = "ZMQ_HAVE_SO_BINDTODEVICE"));
        let value = Value::Bytes(interface.as_bytes().into());
        if let Err(refused) = try_device(interface) {
            core.refuse(NAME, &value, refused);
            return self;
        }
        core.set(92, NAME, value);
        self
    }

    /// Numbers the questions, so that a REQ whose answer was not waited for can ask again at once: an old answer is then
    /// told from the new one. Off unless set: it adds a frame to the envelope, which REP and every ROUTER that returns the
    /// envelope as it came give back.
    ///
    /// It sets two of libzmq's options that do harm when only one of them is set.
    #[doc(alias = "ZMQ_REQ_CORRELATE")]
    #[doc(alias = "ZMQ_REQ_RELAXED")]
    pub fn correlated(mut self) -> Self
    where
        T: Asks,
    {
        self.core_mut().correlate();
        self
    }

    /// Is told of more subscriptions than the first to each topic and the end of the last.
    #[doc(alias = "ZMQ_XPUB_VERBOSE")]
    #[doc(alias = "ZMQ_XPUB_VERBOSER")]
    pub fn verbose(mut self, verbose: Verbose) -> Self
    where
        T: HearsSubscriptions,
    {
        let (number, name) = verbose.option();
        self.core_mut().set(number, name, Value::Int(1));
        self
    }
}

/// # Options of an attached socket: linger
impl<T: SocketType, M: Attached> Socket<T, M> {
    /// As [`linger`](Socket::linger), from now on.
    #[doc(alias = "ZMQ_LINGER")]
    pub fn set_linger(&mut self, linger: impl Into<Linger>) -> Result<()> {
        self.core_mut().set_linger_now(linger.into())
    }
}

/// # Options of an attached XPUB
impl<M: Attached> Socket<XPub, M> {
    /// As [`verbose`](Socket::verbose), from now on.
    #[doc(alias = "ZMQ_XPUB_VERBOSE")]
    #[doc(alias = "ZMQ_XPUB_VERBOSER")]
    pub fn set_verbose(&mut self, verbose: Verbose) -> Result<()> {
        let (number, name) = verbose.option();
        self.core_mut().set_live(number, name, Value::Int(1))
    }
}

impl<T: SocketType, M: Attached> Socket<T, M> {
    too_late! { linger(linger: Linger) [M: InTime] }
    too_late! { reconnect(how: Reconnect) [M: InTime] }
    too_late! { heartbeat(heartbeat: Heartbeat) [M: InTime] }
    too_late! { tcp_keepalive(keepalive: TcpKeepalive) [M: InTime] }
    too_late! { socks_proxy(proxy: SocksProxy) [M: InTime] }
    too_late! { bind_to_device(interface: &str) [M: InTime] }
    too_late! { correlated() [M: InTime] }
    too_late! { verbose(verbose: Verbose) [M: InTime] }
}

impl Verbose {
    fn option(self) -> (c_int, &'static str) {
        match self {
            Verbose::Subscriptions => (40, "ZMQ_XPUB_VERBOSE"),
            Verbose::All => (78, "ZMQ_XPUB_VERBOSER"),
        }
    }
}
