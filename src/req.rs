//! REQ: ask, then receive the reply, enforced by its phases.
//!
//! Follows [zmq_socket(3), request-reply pattern](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::core::{Core, Outgoing};
use crate::error::{Error, Result, Returned};
use crate::incoming::{Incoming, sealed};
use crate::lockstep::{Deadline, Received, ReceivingStep, SendingStep};
use crate::message::{Message, Multipart};
use crate::mode::Attached;
use crate::raw::Wait;
use crate::socket::Socket;
use crate::socket_type::{AwaitingReply, ReceivesNow, Req, SendsNow, Unasked};

/// # REQ: a question, then its answer
impl<P: 'static, M> Socket<Req<P>, M> {
    /// Asks: sends a question of one frame, and gives the socket in the phase that awaits the reply. Waits while there is no
    /// peer that could take it.
    ///
    /// # Errors
    /// The socket and the message come back: [`Returned`].
    ///
    /// # Cancel safety
    /// Dropping the future closes the socket. [`request`](Self::request) keeps it.
    ///
    /// Follows [zmq_socket(3), ZMQ_REQ](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
    pub fn send(
        self, // moved: await the result, it is the socket in its next phase
        message: impl Into<Message>,
    ) -> SendingStep<Req<P>, Req<AwaitingReply>, M>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        self.sending(Outgoing::One(message.into()), Deadline::Never)
    }

    /// As [`send`](Self::send), giving up after a while: [`Error::TimedOut`], with the message; the socket comes back.
    pub fn send_within(
        self, // moved: await the result, it is the socket in its next phase
        time: Duration,
        message: impl Into<Message>,
    ) -> SendingStep<Req<P>, Req<AwaitingReply>, M>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        self.sending(Outgoing::One(message.into()), Deadline::Within(time))
    }

    /// As [`send`](Self::send), a message of several frames.
    pub fn send_multipart(
        self, // moved: await the result, it is the socket in its next phase
        message: impl Into<Multipart>,
    ) -> SendingStep<Req<P>, Req<AwaitingReply>, M>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        self.sending(Outgoing::Many(message.into()), Deadline::Never)
    }

    /// As [`send`](Self::send), without waiting. Works anywhere.
    pub fn try_send(
        self, // moved: the result is the socket in its next phase
        message: impl Into<Message>,
    ) -> Result<Socket<Req<AwaitingReply>, M>, Returned<Self>>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        self.send_waiting(Outgoing::One(message.into()), Wait::Never)
    }

    /// As [`send`](Self::send), blocking the thread while it waits. Works anywhere.
    pub fn blocking_send(
        self, // moved: the result is the socket in its next phase
        message: impl Into<Message>,
    ) -> Result<Socket<Req<AwaitingReply>, M>, Returned<Self>>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        self.send_waiting(Outgoing::One(message.into()), Wait::Forever)
    }

    /// As [`send_multipart`](Self::send_multipart), without waiting.
    pub fn try_send_multipart(
        self, // moved: the result is the socket in its next phase
        message: impl Into<Multipart>,
    ) -> Result<Socket<Req<AwaitingReply>, M>, Returned<Self>>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        self.send_waiting(Outgoing::Many(message.into()), Wait::Never)
    }

    /// As [`send_multipart`](Self::send_multipart), blocking the thread while it waits.
    pub fn blocking_send_multipart(
        self, // moved: the result is the socket in its next phase
        message: impl Into<Multipart>,
    ) -> Result<Socket<Req<AwaitingReply>, M>, Returned<Self>>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        self.send_waiting(Outgoing::Many(message.into()), Wait::Forever)
    }

    /// Waits for the reply: gives it, and the socket in the phase that can ask again.
    ///
    /// # Errors
    /// The socket comes back: [`Returned`]. A reply of several frames is an [`Error::UnexpectedMultipart`]: it is there, so the
    /// socket that comes back can only [`abandon`](Socket::abandon).
    ///
    /// # Cancel safety
    /// Dropping the future closes the socket. [`request`](Socket::request) keeps it.
    pub fn recv(
        self, // moved: await the result, it has the socket in its next phase
    ) -> ReceivingStep<Req<P>, Req<Unasked>, M, Message>
    where
        Req<P>: ReceivesNow,
        M: Attached,
    {
        self.receiving(Deadline::Never)
    }

    /// As [`recv`](Self::recv), giving up after a while: [`Error::TimedOut`]; the socket comes back.
    pub fn recv_within(
        self, // moved: await the result, it has the socket in its next phase
        time: Duration,
    ) -> ReceivingStep<Req<P>, Req<Unasked>, M, Message>
    where
        Req<P>: ReceivesNow,
        M: Attached,
    {
        self.receiving(Deadline::Within(time))
    }

    /// As [`recv`](Self::recv), a message of any number of frames.
    pub fn recv_multipart(
        self, // moved: await the result, it has the socket in its next phase
    ) -> ReceivingStep<Req<P>, Req<Unasked>, M, Multipart>
    where
        Req<P>: ReceivesNow,
        M: Attached,
    {
        self.receiving(Deadline::Never)
    }

    /// As [`recv`](Self::recv), without waiting. Works anywhere.
    pub fn try_recv(
        self, // moved: the result has the socket in its next phase
    ) -> Received<Req<P>, Req<Unasked>, M, Message>
    where
        Req<P>: ReceivesNow,
        M: Attached,
    {
        self.recv_waiting(Wait::Never)
    }

    /// As [`recv`](Self::recv), blocking the thread while it waits. Works anywhere.
    pub fn blocking_recv(
        self, // moved: the result has the socket in its next phase
    ) -> Received<Req<P>, Req<Unasked>, M, Message>
    where
        Req<P>: ReceivesNow,
        M: Attached,
    {
        self.recv_waiting(Wait::Forever)
    }

    /// As [`recv_multipart`](Self::recv_multipart), without waiting.
    pub fn try_recv_multipart(
        self, // moved: the result has the socket in its next phase
    ) -> Received<Req<P>, Req<Unasked>, M, Multipart>
    where
        Req<P>: ReceivesNow,
        M: Attached,
    {
        self.recv_waiting(Wait::Never)
    }

    /// As [`recv_multipart`](Self::recv_multipart), blocking the thread while it waits.
    pub fn blocking_recv_multipart(
        self, // moved: the result has the socket in its next phase
    ) -> Received<Req<P>, Req<Unasked>, M, Multipart>
    where
        Req<P>: ReceivesNow,
        M: Attached,
    {
        self.recv_waiting(Wait::Forever)
    }
}

/// # REQ: giving up
impl<M> Socket<Req<AwaitingReply>, M> {
    /// Gives up the open question, to ask another one. Its answer, should it still come, is not given to anybody.
    ///
    /// libzmq has no such thing. A REQ that has only connected is replaced underneath, with its options and endpoints,
    /// before it asks again. One that is bound, or has a [`routing_id`](Socket::routing_id), can be found by an old answer
    /// all the same: from then on it numbers its questions (`ZMQ_REQ_CORRELATE` and `ZMQ_REQ_RELAXED`). That adds a frame to
    /// the envelope, which REP and every ROUTER that returns the envelope as it came give back.
    pub fn abandon(self) -> Socket<Req, M> {
        self.into_state()
    }
}

/// # REQ: both in one call
impl<P: 'static, M> Socket<Req<P>, M> {
    /// Asks, and waits for the answer: one round trip, on a socket that stays in place.
    ///
    /// # Errors
    /// Before the request is out they have the message in them. An answer of several frames is an
    /// [`Error::UnexpectedMultipart`]; use [`request_multipart`](Self::request_multipart) for those.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the question, as [`abandon`](Socket::abandon) does: the next request never gets the
    /// old answer, and is never held up by it. So a timeout is `tokio::time::timeout` around the call.
    ///
    /// ```
    /// use zmq_typestate::{Context, Rep, Req};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut oracle = context.socket::<Rep>()?.bind("inproc://oracle")?;
    /// let mut client = context.socket::<Req>()?.connect(oracle.address())?;
    ///
    /// let answering = async { oracle.next_request().await?.reply("42") };
    /// let (answer, answered) = tokio::join!(client.request("the question"), answering);
    /// assert_eq!(answer?, "42");
    /// # answered
    /// # }
    /// ```
    pub fn request(&mut self, message: impl Into<Message>) -> Requesting<'_, Message>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        Requesting::new(self.core_mut(), Outgoing::One(message.into()))
    }

    /// As [`request`](Self::request), with question and answer of any number of frames.
    pub fn request_multipart(&mut self, message: impl Into<Multipart>) -> Requesting<'_, Multipart>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        Requesting::new(self.core_mut(), Outgoing::Many(message.into()))
    }

    /// As [`request`](Self::request), blocking the thread while it waits. Works anywhere.
    pub fn blocking_request(&mut self, message: impl Into<Message>) -> Result<Message, Error>
    where
        Req<P>: SendsNow,
        M: Attached,
    {
        let core = self.core_mut();
        core.blocking_request(Outgoing::One(message.into()), Wait::Forever)?;
        let arrival = core.blocking_reply(Wait::Forever)?;
        <Message as sealed::Incoming>::from_arrival(core, arrival)
    }
}

/// Asks and waits for the answer; made by [`request`](Socket::request).
///
/// # Cancel safety
/// Dropping it gives up the question; the next one never gets its answer.
#[must_use = "nothing is asked until the future is awaited"]
pub struct Requesting<'a, R> {
    core: &'a mut Core,
    /// `None` once the question is out.
    outgoing: Option<Outgoing>,
    answer: PhantomData<fn() -> R>,
}

impl<'a, R> Requesting<'a, R> {
    fn new(core: &'a mut Core, outgoing: Outgoing) -> Self {
        Self { core, outgoing: Some(outgoing), answer: PhantomData }
    }
}

impl<R: Incoming> Future for Requesting<'_, R> {
    type Output = Result<R>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { core, outgoing, .. } = self.get_mut();
        if let Some(question) = outgoing {
            ready!(core.poll_request(cx, question)).map_err(|error| error.with_unsent(question.take()))?;
            *outgoing = None;
        }
        let arrival = ready!(core.poll_reply(cx))?;
        Poll::Ready(R::from_arrival(core, arrival))
    }
}
