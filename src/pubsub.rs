//! Topics: SUB and XSUB choose them, XPUB hears of it.

use crate::core::{Arrival, Core, Outgoing};
use crate::error::{Error, Result};
use crate::future::{Access, Sending};
use crate::incoming::{Incoming, sealed};
use crate::message::{Message, Multipart, Topic};
use crate::mode::Attached;
use crate::raw::Wait;
use crate::socket::Socket;
use crate::socket_type::{CanSubscribe, SocketType, Sub, Unsubscribed, XSub};

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
        let message = arrival.into_multipart();
        Ok(match &message[..] {
            [only] => match &only[..] {
                [1, topic @ ..] => Subscription::Subscribe(topic.into()),
                [0, topic @ ..] => Subscription::Unsubscribe(topic.into()),
                _ => Subscription::Upstream(message),
            },
            _ => Subscription::Upstream(message),
        })
    }
}

impl<T: SocketType, M> Socket<T, M> {
    /// Subscribes to a topic: a SUB or XSUB then receives the messages that begin with it, in addition to those it has
    /// subscribed to before. The empty topic is all messages. In every mode; the subscription reaches the publishers a
    /// little later, and what they send until then is not received.
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

impl<M> Socket<Sub<Unsubscribed>, M> {
    /// For a SUB whose topics come while it runs, by [`also_subscribe`](Self::also_subscribe): until the first one it
    /// receives nothing.
    pub fn subscribe_later(self) -> Socket<Sub, M> {
        self.into_state()
    }
}

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

fn upstream(message: Multipart) -> Result<Outgoing> {
    match message.first().and_then(|frame| frame.first()) {
        Some(&first @ 0..=1) => Err(Error::LooksLikeSubscription { first, unsent: message.into() }),
        _ => Ok(Outgoing::Many(message)),
    }
}
