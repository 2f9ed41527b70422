//! ZeroMQ sockets for async Rust whose misuse does not compile.
//!
//! [`Socket<T, M>`](Socket) has a socket type `T` ([`Pair`], [`Pub`], [`Sub`], [`Req`], [`Rep`], [`Dealer`], [`Router`],
//! [`Pull`], [`Push`], [`XPub`], [`XSub`] or [`Stream`]; or a [draft type](#draft-types)) and a mode `M` ([`Idle`],
//! [`Bound`], [`Connected`] or [`Either`]). Which calls there are depends on both. What does not compile says, in ZeroMQ's words, what is wrong and what to do
//! instead.
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
//! - What sends and receives: [`Socket::send`], [`Socket::recv`] and their `_multipart`, `try_` and `blocking_` forms.
//! - REQ and REP take turns, each a phase of its type: [`Socket::request`] and [`Socket::serve`] hide them.
//! - Topics: [`Socket::subscribe`]; [`Subscription`] for the other end.
//! - Peers by name: [`RoutingId`], [`Socket::send_to`], and [`Envelope`] for a ROUTER that serves REQs.
//! - Several tasks on one socket: [`Socket::split`] in two halves; draft types also `Socket::share`.
//! - Where to bind and connect: text, [`Endpoint`] (checked by the compiler), or [`Address`] (which knows who listens).
//! - Ending: [`Context::shutdown`], [`Context::terminate`], [`Socket::close`].
//!
//! # Waiting
//! The async calls need a tokio runtime with its I/O driver; without one they fail with [`Error::NoRuntime`]. Each of them
//! is cancel safe in the sense that its documentation says in one sentence, so they can stand in `tokio::select!` and
//! `tokio::time::timeout`. They take part in tokio's cooperative scheduling: a socket that is always ready lets its
//! neighbours run. The `try_` and `blocking_` forms work anywhere.
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

mod attach;
mod context;
mod core;
#[cfg(feature = "draft")]
mod dgram;
#[cfg(feature = "draft")]
mod draft;
mod endpoint;
mod error;
mod future;
mod half;
mod incoming;
mod inproc;
mod lockstep;
mod message;
mod mode;
mod options;
mod pubsub;
#[cfg(feature = "draft")]
mod radio_dish;
#[allow(unsafe_code)]
mod raw;
#[cfg(doc)]
pub mod refusals;
mod rep;
mod req;
mod routing;
#[cfg(feature = "draft")]
mod server;
#[cfg(feature = "draft")]
mod shared;
mod socket;
mod socket_type;
mod stream;
mod timer;

pub use context::{Context, Terminating, Termination};
pub use endpoint::{
    Address, AnyTransport, Endpoint, EndpointError, Inproc, Ipc, Target, Tcp, Transport, Udp, Untyped, Ws,
};
pub use error::{Error, Result, Returned, Unsent};
pub use future::{Receiving, Sending, SharedReceiving};
pub use half::{RecvHalf, SendHalf};
pub use incoming::Incoming;
pub use lockstep::{Received, ReceivingStep, SendingStep};
pub use message::{Envelope, Message, Multipart, Topic};
pub use mode::{Attached, Bound, Connected, Either, Idle, Mode};
pub use options::Hwm;
pub use pubsub::Subscription;
#[cfg(feature = "draft")]
pub use radio_dish::Group;
pub use rep::{NextRequest, Request};
pub use req::Requesting;
pub use routing::{ReceiverOf, Routes, RoutingId};
#[cfg(feature = "draft")]
pub use shared::Shared;
pub use socket::Socket;
pub use socket_type::{
    Announces, AwaitingReply, AwaitingRequest, BindsOver, CanConnect, CanRecv, CanRecvMultipart, CanSend,
    CanSendMultipart, CanSubscribe, ConnectsOver, Dealer, Duplex, FreeRunning, ListensAs, ManyEndpoints, OwingReply,
    Pair, Pub, Pull, Push, ReceivesNow, Rep, Req, Router, SendsNow, SocketType, Stream, Sub, Subscribed, TalksTo,
    Unasked, Unsubscribed, XPub, XSub,
};
#[cfg(feature = "draft")]
pub use socket_type::{
    CanJoin, Channel, Client, Dgram, Dish, Gather, Joined, Peer, Radio, Scatter, Server, ThreadSafe, Unjoined,
};

pub use stream::StreamEvent;

#[cfg(doctest)]
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
    pub use crate::mode::why::*;
    pub use crate::socket_type::why::*;
}
