//! Topics: SUB and XSUB choose them, XPUB hears of it.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::core::{Arrival, Core, Outgoing};
use crate::error::{Error, Result};
use crate::future::{Access, Sending};
use crate::incoming::{Incoming, sealed};
use crate::message::{Message, Multipart, Topic};
use crate::mode::Attached;
use crate::raw::{Ticket, Wait};
use crate::socket::Socket;
use crate::socket_type::{CanSubscribe, SocketType, Sub, Unsubscribed, XPub, XSub};

/// What an [`XPub`](crate::XPub) receives.
///
/// A topic that several subscribers ask for is told once, when the first one does and when the last one no longer does.
///
/// Follows [zmq_socket(3), ZMQ_XPUB](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscription {
    /// Somebody now wants the messages that begin with this topic.
    Subscribe(Topic),
    /// Nobody wants them any more.
    Unsubscribe(Topic),
    /// A message that an XSUB sent upstream.
    Upstream(Multipart),
}

impl Incoming for Subscription {
    type Whole = Self;
}

#[allow(private_interfaces, reason = "sealed")]
impl sealed::Incoming for Subscription {
    fn from_arrival(_: &mut Core, arrival: Arrival) -> Result<Self, Error> {
        Ok(match subscription(&arrival) {
            Some((true, topic)) => Subscription::Subscribe(topic.into()),
            Some((false, topic)) => Subscription::Unsubscribe(topic.into()),
            None => Subscription::Upstream(arrival.into_multipart()),
        })
    }
}

/// Whether a message is a subscription or the end of one, and to which topic.
fn subscription(arrival: &Arrival) -> Option<(bool, &[u8])> {
    match &arrival.first[..] {
        [begin @ 0..=1, topic @ ..] if arrival.rest.is_empty() => Some((*begin == 1, topic)),
        _ => None,
    }
}

/// # XPUB: its subscribers
impl<M> Socket<XPub, M> {
    /// Waits until so many subscriptions are there, before the first message is published: who subscribes later misses it.
    ///
    /// Counted is what [`recv`](Self::recv) has not given yet, and gives afterwards: the subscriptions, less those that have
    /// ended since. Of several to the same topic libzmq tells only the first, so that one counts for all; with
    /// [`Verbose::All`](crate::Verbose::All) each counts. Messages from upstream wait meanwhile, without limit. (A PUB has no such call: it is not told who subscribes.)
    ///
    /// # Errors
    /// As for [`recv`](Self::recv).
    ///
    /// # Cancel safety
    /// Dropping the future loses no event.
    ///
    /// ```
    /// use zmq_typestate::{Context, Sub, Verbose, XPub};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut news = context.socket::<XPub>()?.verbose(Verbose::All).bind("inproc://news")?;
    /// let mut readers = Vec::new();
    /// for _ in 0..3 {
    ///     readers.push(context.socket::<Sub>()?.subscribe("").connect(news.address())?);
    /// }
    /// news.wait_for_subscribers(3).await?;
    /// news.send("headline").await?;
    /// for mut reader in readers {
    ///     assert_eq!(reader.recv().await?, "headline");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_for_subscribers(&mut self, subscriptions: usize) -> AwaitingSubscribers<'_>
    where
        M: Attached,
    {
        AwaitingSubscribers { core: self.core_mut(), subscriptions, seen: 0, topics: HashMap::new(), there: 0 }
    }
}

/// Waits until so many subscriptions are there; made by [`Socket::wait_for_subscribers`].
///
/// # Cancel safety
/// Dropping it loses no event.
#[must_use = "nothing is waited for until the future is awaited"]
pub struct AwaitingSubscribers<'a> {
    core: &'a mut Core,
    subscriptions: usize,
    /// How many of the messages that wait have been counted, and what of.
    seen: usize,
    topics: HashMap<Vec<u8>, usize>,
    there: usize,
}

impl AwaitingSubscribers<'_> {
    /// Counts those that have not been given out yet, and whose end has not been told.
    fn count(&mut self) {
        let verbose = self.core.last_set([zmq_sys::ZMQ_XPUB_VERBOSE, zmq_sys::ZMQ_XPUB_VERBOSER]);
        let each_end_is_told = verbose == Some(zmq_sys::ZMQ_XPUB_VERBOSER);
        for (begin, topic) in self.core.ahead.iter().skip(self.seen).filter_map(subscription) {
            let count = self.topics.entry(topic.to_vec()).or_default();
            let now = match begin {
                true => *count + 1,
                false if each_end_is_told => count.saturating_sub(1),
                false => 0,
            };
            self.there = self.there + now - *count;
            *count = now;
        }
        self.seen = self.core.ahead.len();
    }
}

impl Future for AwaitingSubscribers<'_> {
    type Output = Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.core.take_fault()?;
        loop {
            this.count();
            if this.there >= this.subscriptions {
                return Poll::Ready(Ok(()));
            }
            let arrival = ready!(this.core.poll_arrival(cx, &mut Ticket::default()))?;
            this.core.ahead.push_back(arrival);
        }
    }
}

/// # Topics
impl<T: SocketType, M> Socket<T, M> {
    /// Subscribes to a topic: a SUB or XSUB then receives the messages that begin with it, in addition to those it has
    /// subscribed to before. The empty topic is all messages. In every mode; the subscription reaches the publishers a
    /// little later, and what they send until then is not received. A bound one tells a new publisher of its topics while it
    /// receives.
    ///
    /// A topic longer than [`Topic::MAX_LEN`] is an [`Error::Option`], which the next `bind`, `connect` or receive returns.
    ///
    /// Follows [zmq_setsockopt(3), ZMQ_SUBSCRIBE](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
    ///
    /// ```
    /// use zmq_typestate::{Context, Sub};
    ///
    /// # fn main() -> zmq_typestate::Result<()> {
    /// let news = Context::new()?.socket::<Sub>()?.subscribe("sports").subscribe("weather");
    /// let mut news = news.connect("tcp://127.0.0.1:5556")?;
    /// news.unsubscribe("sports")?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "ZMQ_SUBSCRIBE")]
    pub fn subscribe(
        mut self, // moved: go on with what `subscribe` returns, or use `also_subscribe`
        topic: impl Into<Topic>,
    ) -> Socket<T::Kind, M>
    where
        T: CanSubscribe,
    {
        let core = self.core_mut();
        if let Err(error) = core.subscription(true, &topic.into()) {
            core.fault(error);
        }
        self.into_state()
    }

    /// Subscribes to one more topic, on a socket that is kept in place: see [`subscribe`](Self::subscribe).
    pub fn also_subscribe(&mut self, topic: impl Into<Topic>) -> Result<()>
    where
        T: CanSubscribe,
    {
        self.core_mut().subscription(true, &topic.into())
    }

    /// Takes back one subscription. A topic that was subscribed to twice has to be taken back twice; one that never was
    /// is ignored.
    ///
    /// Follows [zmq_setsockopt(3), ZMQ_UNSUBSCRIBE](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
    #[doc(alias = "ZMQ_UNSUBSCRIBE")]
    pub fn unsubscribe(&mut self, topic: impl Into<Topic>) -> Result<()>
    where
        T: CanSubscribe,
    {
        self.core_mut().subscription(false, &topic.into())
    }
}

/// # SUB: topics that come later
impl<M> Socket<Sub<Unsubscribed>, M> {
    /// For a SUB whose topics come while it runs, by [`also_subscribe`](Self::also_subscribe): until the first one it
    /// receives nothing.
    pub fn subscribe_later(self) -> Socket<Sub, M> {
        self.into_state()
    }
}

/// # XSUB: messages upstream
impl<M> Socket<XSub, M> {
    /// Sends a message to the XPUBs that this XSUB is connected to; one without room, or a PUB, drops it.
    ///
    /// A message whose first byte is 0 or 1 would be taken for a subscription: it is an
    /// [`Error::LooksLikeSubscription`], which has the message in it.
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    ///
    /// ```
    /// use zmq_typestate::{Context, Subscription, XPub, XSub};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut publisher = context.socket::<XPub>()?.bind("inproc://feedback")?;
    /// let mut reader = context.socket::<XSub>()?.connect(publisher.address())?.subscribe("news");
    ///
    /// assert_eq!(publisher.recv().await?, Subscription::Subscribe("news".into()));
    /// reader.send_upstream("well done").await?;
    /// assert_eq!(publisher.recv().await?, Subscription::Upstream(["well done"].into()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_upstream(&mut self, message: impl Into<Message>) -> Sending<'_>
    where
        M: Attached,
    {
        self.send_upstream_multipart(message.into())
    }

    /// As [`send_upstream`](Self::send_upstream), a message of several frames; only the first one's first byte matters.
    pub fn send_upstream_multipart(&mut self, message: impl Into<Multipart>) -> Sending<'_>
    where
        M: Attached,
    {
        Sending::checked(Access::Whole(self.core_mut()), upstream(message.into()))
    }

    /// As [`send_upstream_multipart`](Self::send_upstream_multipart). An XSUB never waits to send: neither does this, and it
    /// works anywhere.
    pub fn try_send_upstream(&mut self, message: impl Into<Multipart>) -> Result<()>
    where
        M: Attached,
    {
        self.core_mut().send(upstream(message.into())?, Wait::Never)
    }
}

pub(crate) fn upstream(message: Multipart) -> Result<Outgoing> {
    match message.first().and_then(|frame| frame.first()) {
        Some(&first @ 0..=1) => Err(Error::LooksLikeSubscription { first, unsent: message.into() }),
        _ => Ok(Outgoing::Many(message)),
    }
}
