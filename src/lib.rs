//! ZeroMQ sockets whose misuse does not compile.

#![deny(missing_docs, unsafe_op_in_unsafe_fn)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod attach;
mod context;
mod core;
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
#[allow(unsafe_code)]
mod raw;
mod rep;
mod req;
mod routing;
mod socket;
mod socket_type;
mod timer;

pub use context::{Context, Terminating, Termination};
pub use endpoint::{
    Address, AnyTransport, Endpoint, EndpointError, Inproc, Ipc, Target, Tcp, Transport, Udp, Untyped, Ws,
};
pub use error::{Error, Result, Returned, Unsent};
pub use future::{Receiving, Sending};
pub use half::{RecvHalf, SendHalf};
pub use incoming::Incoming;
pub use lockstep::{Received, ReceivingStep, SendingStep};
pub use message::{Envelope, Message, Multipart, Topic};
pub use mode::{Attached, Bound, Connected, Either, Idle, Mode};
pub use options::Hwm;
pub use pubsub::Subscription;
pub use rep::{NextRequest, Request};
pub use req::Requesting;
pub use routing::{ReceiverOf, RoutingId, StreamEvent};
pub use socket::Socket;
pub use socket_type::{
    Announces, AwaitingReply, AwaitingRequest, BindsOver, CanRecv, CanRecvMultipart, CanSend, CanSendMultipart,
    CanSubscribe, ConnectsOver, Dealer, Duplex, FreeRunning, ListensAs, ManyEndpoints, OwingReply, Pair, Pub, Pull,
    Push, ReceivesNow, Rep, Req, Router, SendsNow, SocketType, Stream, Sub, Subscribed, TalksTo, Unasked, Unsubscribed,
    XPub, XSub,
};

/// The rules whose sentences the compiler prints; public so that it prints them by their names alone.
#[doc(hidden)]
pub mod why {
    pub use crate::mode::why::*;
    pub use crate::socket_type::why::*;
}
