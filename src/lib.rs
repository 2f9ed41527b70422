//! ZeroMQ sockets for async Rust whose misuse does not compile.
//!
//! [`Socket<T, M>`](Socket) has a socket type `T` ([`Pair`], [`Pub`], [`Sub`], [`Req`], [`Rep`], [`Dealer`], [`Router`],
//! [`Pull`], [`Push`], [`XPub`], [`XSub`] or [`Stream`]; or a [draft type](#draft-types)) and a mode `M` ([`Idle`],
//! [`Bound`], [`Connected`] or [`Either`]). Which calls there are depends on both. What does not compile says, in ZeroMQ's
//! words, what is wrong and what to do instead.
//!
//! ```
//! use zmq_typestate::{Context, Pull, Push};
//!
//! #[tokio::main]
//! async fn main() -> zmq_typestate::Result<()> {
//!     let context = Context::new()?;
//!     let mut jobs = context.socket::<Pull>()?.bind("tcp://127.0.0.1:*")?; // Socket<Pull, Bound>
//!     let mut feed = context.socket::<Push>()?.connect(jobs.address())?; // PUSH may talk to PULL: checked
//!
//!     feed.send("job 1").await?;
//!     assert_eq!(jobs.recv().await?, "job 1");
//!     // feed.recv()  ->  error[E0277]: PUSH sockets only send: receive on the PULL end
//!     Ok(())
//! }
//! ```
//!
//! # Where to look
//! - What sends and receives: [`Socket::send`], [`Socket::recv`] and their `_multipart`, `try_` and `blocking_` forms;
//!   many messages in one call: [`Socket::send_many`], [`Socket::recv_many`].
//! - REQ and REP take turns, each a phase of its type: [`Socket::request`] and [`Socket::serve`] hide them.
//! - Topics: [`Socket::subscribe`]; [`Subscription`] for the other end.
//! - Peers by name: [`RoutingId`], [`Socket::send_to`], and [`Envelope`] for a ROUTER that serves REQs.
//! - Several tasks on one socket: [`Socket::split`] in two halves; draft types also `Socket::share`.
//! - Many sockets in one task: [`SocketSet`], or `tokio::select!` for a few ([waiting](#waiting)).
//! - Between two sockets: [`Proxy`], for brokers, forwarders and streamers. As `Stream` and `Sink`: the feature `futures`.
//! - Where to bind and connect: text, [`Endpoint`] (checked by the compiler), or [`Address`] (which knows who listens).
//! - Options: methods of the idle socket, as [`Socket::send_hwm`]; all of them in one table: [`Options`]. Of a context:
//!   [`Context::builder`].
//! - Who may connect, and who can read along: [`ZapHandler`], [`PlainServer`], with the feature `curve` `CurveServer`. Step by
//!   step in the module `ironhouse`. Code that takes no open socket: [`Secured`].
//! - What happens to connections: [`Socket::monitor`]; [`Monitor::wait_connected`], [`Socket::wait_for_subscribers`].
//! - What is promised when peers die, stand still or mean ill: the module `guarantees`, with a test for each promise.
//! - Ending: [`Context::shutdown`], [`Context::terminate`], [`Socket::close`].
//!
//! # Waiting
//! The async calls need a tokio runtime with its I/O driver; without one they fail with [`Error::NoRuntime`]. Each of them
//! is cancel safe in the sense that its documentation says in one sentence, so they can stand in `tokio::select!` and
//! `tokio::time::timeout`. They take part in tokio's cooperative scheduling: a socket that is always ready lets its
//! neighbours run. The `try_` and `blocking_` forms work anywhere.
//!
//! Whichever of two sockets has something first:
//!
//! ```
//! use zmq_typestate::{Connected, Message, Pull, Result, Socket, Sub};
//!
//! async fn next(jobs: &mut Socket<Pull, Connected>, news: &mut Socket<Sub, Connected>) -> Result<Message> {
//!     tokio::select! {
//!         job = jobs.recv() => job,
//!         headline = news.recv() => headline, // the receive that is given up loses nothing
//!     }
//! }
//! ```
//!
//! # Draft types
//! The feature `draft` adds the nine types that libzmq calls drafts: `Server` and `Client`, `Radio` and `Dish`, `Scatter` and
//! `Gather`, `Peer`, `Channel` and `Dgram`. All but `Dgram` can be shared: `Socket::share` gives a handle that any number of
//! tasks and threads use at once. They need a libzmq built with its draft API; where it is not, the build stops and says
//! which lines to put where. Their messages have one frame.
//!
//! A `Dish` binds udp only where libzmq was built with `-funsigned-char` (or the processor's `char` is unsigned, as on
//! ARM): otherwise a datagram that begins with a byte of 128 or more, from anybody, would abort the process. The flags of
//! this repository have it. What a `Radio` or `Dgram` sends over udp is refused where it would not fit into libzmq's buffer
//! of 8192 bytes.
//!
//! # What the types cannot see
//! A peer in another process may be of the wrong type, unless both sides share an [`Address`]: libzmq then refuses the
//! connection in silence. A PUB cannot know who has subscribed yet; an XPUB can. A dropped future or phase is a warning of
//! the compiler (`must_use`), not an error.

#![deny(missing_docs, unsafe_code, unsafe_op_in_unsafe_fn)]
#![cfg_attr(docsrs, feature(doc_cfg))]

// The page of `Socket` shows what it can do in this order.
mod socket;

mod batch;
mod batch_size;

mod rep;

mod req;

mod pubsub;

mod routing;

mod stream;

#[cfg(feature = "draft")]
mod radio_dish;

#[cfg(feature = "draft")]
mod server;

mod security;

mod monitor;

mod half;

#[cfg(feature = "draft")]
mod shared;

mod options;

mod latency;

mod attach;
mod context;
mod context_builder;
mod core;
#[cfg(feature = "curve")]
mod curve;
#[cfg(feature = "draft")]
mod dgram;
#[cfg(feature = "draft")]
mod draft;
mod endpoint;
mod error;
mod future;
#[cfg(feature = "futures")]
mod futures;
#[cfg(doc)]
pub mod guarantees {
    #![doc = include_str!("guarantees.md")]

    #[allow(unused_imports, reason = "for the links")]
    use crate::Error;
}
mod incoming;
mod inproc;
#[cfg(all(feature = "curve", any(doc, doctest)))]
pub mod ironhouse {
    #![doc = include_str!("ironhouse.md")]

    #[allow(unused_imports, reason = "for the links")]
    use crate::{Addresses, CurveKeys, CurveServer, KeyPair, Plain, ZapHandler};
}
mod lockstep;
mod message;
mod mode;
mod plain;
mod proxy;
mod random;
#[allow(unsafe_code)]
mod raw;
#[cfg(doc)]
pub mod refusals;
mod set;
mod socket_type;
mod timer;
#[cfg(feature = "curve")]
mod z85;
mod zap;

pub use batch::{ReceivingMany, SendingMany};
pub use context::{Context, Terminating, Termination};
pub use context_builder::{ContextBuilder, ThreadScheduling};
#[cfg(feature = "curve")]
pub use curve::{
    ClientsKnown, CurveClient, CurveKeys, CurveServer, KeyError, KeyPair, PublicKey, SecretKey, WantsClients,
};
pub use endpoint::{
    Address, AnyTransport, Endpoint, EndpointError, Inproc, Ipc, Target, Tcp, Transport, Udp, Untyped, Ws,
};
pub use error::{Error, Result, Returned, Unsent};
pub use future::{Receiving, Sending, SharedReceiving};
#[cfg(all(feature = "futures", feature = "draft"))]
pub use futures::{SharedSink, SharedStream};
pub use half::{RecvHalf, SendHalf};
pub use incoming::Incoming;
pub use latency::Latency;
pub use lockstep::{Received, ReceivingStep, SendingStep};
pub use message::{Envelope, Message, Multipart, Topic};
#[cfg(feature = "curve")]
pub use mode::Encrypted;
pub use mode::{Attached, Bound, Connected, Either, Idle, Mode, Secured};
pub use monitor::{AwaitingPeers, HandshakeFailure, Monitor, MonitorEvent, MonitorEventKind, NextEvent};
pub use options::{
    Backoff, Heartbeat, Hwm, Linger, Metadata, Options, Reconnect, ReconnectStop, SocksProxy, TcpKeepalive, Timeout,
    Ttl, Verbose,
};
#[cfg(feature = "draft")]
pub use options::{BatchSize, Priority};
pub use plain::{PlainClient, PlainServer, PlainUsers};
pub use proxy::{Proxy, ProxyControl, ProxyEnd, ProxyFlow, ProxyHandle, ProxyStats, RunningProxy};
pub use pubsub::{AwaitingSubscribers, Subscription};
#[cfg(feature = "draft")]
pub use radio_dish::Group;
pub use rep::{NextRequest, Request};
pub use req::Requesting;
pub use routing::{ReceiverOf, Routes, RoutingId};
#[cfg(feature = "curve")]
pub use security::Curve;
pub use security::{Filtered, Open, Plain, SecuredOver, SecurityRole};
pub use set::{ReceivingFromSet, SocketKey, SocketSet};
#[cfg(feature = "draft")]
pub use shared::Shared;
pub use socket::Socket;
pub use socket_type::{
    Announces, Asks, AwaitingReply, AwaitingRequest, BackendOf, BindsOver, CanConnect, CanRecv, CanRecvMultipart,
    CanSend, CanSendMultipart, CanSubscribe, Captures, Conflates, ConnectsOver, Dealer, Duplex, FreeRunning,
    HasConnections, HearsSubscriptions, Heartbeats, LimitsMessages, ListensAs, ManyEndpoints, MatchesTopics,
    NamesPeers, OwingReply, Pair, Pub, Publishes, Pull, Push, QueuesAhead, ReceivesMessages, ReceivesNow, Rep, Req,
    Router, SendsMessages, SendsNow, SinkOf, SocketType, Stream, Sub, Subscribed, TalksTo, Unasked, Unsubscribed, XPub,
    XSub, Zmtp,
};
#[cfg(feature = "draft")]
pub use socket_type::{
    CanJoin, Channel, Client, Dgram, Dish, Gather, Joined, Peer, Radio, Scatter, Server, ThreadSafe, Unjoined,
};
#[cfg(feature = "draft")]
pub use socket_type::{Greets, HearsFarewells, Multicasts};

pub use stream::StreamEvent;
pub use zap::{Addresses, DomainFor, ZapDomain, ZapHandler, ZapPolicy, ZapReply, ZapRequest};

// One of its programs encrypts.
#[cfg(all(doctest, feature = "curve"))]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests {
    #[test]
    fn the_library_is_the_one_that_the_build_script_looked_at() {
        assert_eq!(zmq::has("draft"), Some(cfg!(libzmq_draft)));
    }
}

/// The rules whose sentences the compiler prints; public so that it prints them by their names alone.
#[doc(hidden)]
pub mod why {
    #[cfg(feature = "curve")]
    pub use crate::curve::why::*;
    pub use crate::mode::why::*;
    pub use crate::options::why::*;
    pub use crate::security::why::*;
    pub use crate::socket_type::why::*;
}
