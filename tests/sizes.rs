//! What costs nothing, and what may go where: sizes and auto traits.

use std::time::Duration;

use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any, const_assert, const_assert_eq};
use zmq_typestate::{
    Address, AwaitingPeers, AwaitingReply, AwaitingRequest, AwaitingSubscribers, Bound, Connected, Context, Dealer,
    Either, Endpoint, Envelope, Error, Filtered, Idle, Message, Monitor, MonitorEvent, Multipart, NextEvent,
    NextRequest, Open, OwingReply, Pair, Plain, Pub, Pull, Push, Receiving, ReceivingMany, ReceivingStep, RecvHalf,
    Rep, Req, Request, Requesting, Returned, Router, RoutingId, Secured, SendHalf, Sending, SendingMany, SendingStep,
    SharedReceiving, Socket, Stream, StreamEvent, Sub, Subscription, Tcp, Terminating, Topic, Unsubscribed, XPub, XSub,
    ZapDomain, ZapHandler,
};
#[cfg(feature = "curve")]
use zmq_typestate::{Curve, Encrypted};

macro_rules! for_each_type {
    ($check:ident) => {
        $check!(Pair);
        $check!(Pub);
        $check!(Sub);
        $check!(Sub<Unsubscribed>);
        $check!(Req);
        $check!(Req<AwaitingReply>);
        $check!(Rep);
        $check!(Rep<OwingReply>);
        $check!(Rep<AwaitingRequest>);
        $check!(Dealer);
        $check!(Router);
        $check!(Pull);
        $check!(Push);
        $check!(XPub);
        $check!(XSub);
        $check!(Stream);
    };
}

macro_rules! costs_nothing {
    ($T:ty) => {
        const_assert_eq!(size_of::<$T>(), 0);
        assert_eq_size!(Socket<$T, Idle>, usize);
        assert_eq_size!(Socket<$T, Bound>, usize);
        assert_eq_size!(Socket<$T, Connected>, usize);
        assert_eq_size!(Socket<$T, Either>, usize);
    };
}
for_each_type!(costs_nothing);
const_assert_eq!(size_of::<(Idle, Bound, Connected, Either)>(), 0);

// Nor does a security role.
const_assert_eq!(size_of::<(Open, Filtered, Plain)>(), 0);
const_assert_eq!(size_of::<(Idle<Plain>, Bound<Plain>, Connected<Plain>, Either<Filtered>)>(), 0);
assert_eq_size!(Socket<Pull, Bound<Plain>>, usize);
assert_impl_all!(Bound<Plain>: Secured);
assert_not_impl_any!(Bound: Secured);
assert_not_impl_any!(Bound<Filtered>: Secured);
#[cfg(feature = "curve")]
const_assert_eq!(size_of::<(Curve, Bound<Curve>)>(), 0);
#[cfg(feature = "curve")]
assert_impl_all!(Bound<Curve>: Secured, Encrypted);
#[cfg(feature = "curve")]
assert_not_impl_any!(Bound<Plain>: Encrypted);
assert_impl_all!(ZapHandler: Clone, Send, Sync);
assert_impl_all!(ZapDomain<Plain>: Clone, Send, Sync);

// A classic socket may move to another thread, and not be used by two.
macro_rules! moves_and_is_not_shared {
    ($T:ty) => {
        assert_impl_all!(Socket<$T, Bound>: Send, Unpin);
        assert_not_impl_any!(Socket<$T, Bound>: Sync, Clone, Copy);
        // It can be given back inside of an error all the same, for `?` and `anyhow`.
        assert_impl_all!(Returned<Socket<$T, Bound>>: std::error::Error, Send, Sync);
    };
}
for_each_type!(moves_and_is_not_shared);

assert_impl_all!(Context: Clone, Send, Sync);
assert_impl_all!(SendHalf<Pair, Bound>: Send);
assert_impl_all!(RecvHalf<Pair, Bound>: Send);
assert_impl_all!(SendHalf<Pair, Bound>: Clone);
assert_not_impl_any!(SendHalf<Router, Bound>: Clone);
assert_not_impl_any!(RecvHalf<Pair, Bound>: Clone);

// What travels, and what tells where: values.
assert_impl_all!(Message: Clone, Send, Sync, Unpin);
assert_impl_all!(Multipart: Clone, Send, Sync, Unpin);
assert_impl_all!(Topic: Clone, Send, Sync);
assert_impl_all!(Envelope: Clone, Send, Sync);
assert_impl_all!(Subscription: Clone, Send, Sync);
assert_impl_all!(StreamEvent: Clone, Send, Sync);
assert_impl_all!(RoutingId<Router>: Clone, Eq, std::hash::Hash, Send, Sync);
assert_impl_all!(Address<Pull>: Clone, Eq, std::hash::Hash, Send, Sync);
assert_impl_all!(Endpoint<Tcp>: Clone, Eq, std::hash::Hash, Send, Sync);
assert_impl_all!(Error: std::error::Error, Send, Sync);
const_assert_eq!(size_of::<Message>(), 64);
const_assert!(size_of::<Error>() <= 96);

// Every future can be spawned on a multi-thread runtime.
assert_impl_all!(Sending<'static>: Future, Send, Unpin);
assert_impl_all!(Receiving<'static, Message>: Future, Send, Unpin);
assert_impl_all!(Receiving<'static, (RoutingId<Router>, Multipart)>: Future, Send, Unpin);
assert_impl_all!(SharedReceiving<'static, Multipart>: Future, Send, Unpin);
assert_impl_all!(SendingMany<'static, Message>: Future, Send, Unpin);
assert_impl_all!(SendingMany<'static, Multipart>: Future, Send, Unpin);
assert_impl_all!(ReceivingMany<'static, (RoutingId<Router>, Multipart)>: Future, Send, Unpin);

// A receive is the socket; a send the socket, the peer and the message. Where sockets may be shared, with a place in the queue.
const SOCKET: usize = 5 * size_of::<usize>();
const_assert_eq!(size_of::<Receiving<'static, Message>>(), size_of::<usize>());
const_assert!(size_of::<SharedReceiving<'static, Message>>() <= SOCKET);
const_assert!(size_of::<Sending<'static>>() <= SOCKET + size_of::<RoutingId<Router>>() + size_of::<Multipart>());
const_assert!(size_of::<SendingMany<'static, Message>>() <= SOCKET + size_of::<usize>());
const_assert!(size_of::<ReceivingMany<'static, Message>>() <= SOCKET + 2 * size_of::<usize>());
assert_impl_all!(SendingStep<Req, Req<AwaitingReply>, Bound>: Future, Send, Unpin);
assert_impl_all!(ReceivingStep<Rep, Rep<OwingReply>, Bound, Message>: Future, Send, Unpin);
assert_impl_all!(Requesting<'static, Message>: Future, Send, Unpin);
assert_impl_all!(NextRequest<'static>: Future, Send, Unpin);
assert_impl_all!(Request<'static>: Send);
assert_impl_all!(Terminating: Future, Send);
assert_impl_all!(NextEvent<'static>: Future, Send, Unpin);
assert_impl_all!(AwaitingPeers<'static>: Future, Send, Unpin);
assert_impl_all!(AwaitingSubscribers<'static>: Future, Send, Unpin);

// It is listened to by another task than the one that has the socket.
assert_impl_all!(Monitor: Send, Sync, Unpin);
assert_impl_all!(MonitorEvent: Send, Sync);

/// `serve` has no name to assert on.
#[test]
fn serving_can_be_spawned() {
    fn spawnable<F: Future + Send>(_: F) {}
    let mut rep =
        Context::new().unwrap().socket::<Rep>().unwrap().linger(Duration::ZERO).bind("inproc://serve").unwrap();
    spawnable(rep.serve(async |request: Message| request));
}

/// The draft types: shared by a handle of their own, not by the socket.
#[cfg(feature = "draft")]
mod draft {
    use std::net::SocketAddrV4;

    use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any, const_assert_eq};
    use zmq_typestate::{
        Bound, Channel, Client, Connected, Dgram, Dish, Gather, Group, Idle, Joined, Message, Peer, Radio, RoutingId,
        Scatter, Server, Shared, SharedReceiving, Socket, Unjoined,
    };

    macro_rules! is_shared_by_a_handle {
        ($($T:ty),*) => { $(
            const_assert_eq!(size_of::<$T>(), 0);
            assert_eq_size!(Socket<$T, Idle>, Socket<$T, Connected>, Shared<$T, Bound>, usize);
            assert_impl_all!(Socket<$T, Bound>: Send, Unpin);
            assert_not_impl_any!(Socket<$T, Bound>: Sync, Clone);
            assert_impl_all!(Shared<$T, Bound>: Clone, Send, Sync, Unpin);
        )* };
    }
    is_shared_by_a_handle!(Server, Client, Radio, Dish, Dish<Unjoined>, Gather, Scatter, Peer, Channel);

    const_assert_eq!(size_of::<(Dgram, Joined, Unjoined)>(), 0);
    assert_impl_all!(Socket<Dgram, Bound>: Send, Unpin);
    assert_not_impl_any!(Socket<Dgram, Bound>: Sync, Clone);

    assert_impl_all!(Group: Clone, Eq, std::hash::Hash, Send, Sync);
    assert_impl_all!(RoutingId<Server>: Copy, Eq, std::hash::Hash, Send, Sync);
    assert_eq_size!(RoutingId<Peer>, [u64; 2]);
    assert_impl_all!(SharedReceiving<'static, Message>: Future, Send, Unpin);
    assert_impl_all!(SharedReceiving<'static, (RoutingId<Server>, Message)>: Future, Send, Unpin);
    assert_impl_all!(SharedReceiving<'static, (Group, Message)>: Future, Send, Unpin);
    assert_impl_all!(zmq_typestate::Receiving<'static, (SocketAddrV4, Message)>: Future, Send, Unpin);
}
