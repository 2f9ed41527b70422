//! REP: receive a request, then answer it, enforced by its phases.
//!
//! Follows [zmq_socket(3), request-reply pattern](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::core::{Core, Outgoing};
use crate::error::{Error, Result, Returned};
use crate::lockstep::{Deadline, Received, ReceivingStep, SendingStep};
use crate::message::{Message, Multipart};
use crate::mode::Attached;
use crate::raw::Wait;
use crate::socket::Socket;
use crate::socket_type::{AwaitingRequest, OwingReply, ReceivesNow, Rep, SendsNow};

/// # REP: a request, then its reply
impl<P: 'static, M> Socket<Rep<P>, M> {
    /// Answers the request: gives the socket in the phase that can receive the next one. A client that is gone does not get
    /// the answer, and nothing tells.
    ///
    /// # Errors
    /// The socket and the message come back: [`Returned`].
    ///
    /// # Cancel safety
    /// Dropping the future closes the socket.
    ///
    /// Follows [zmq_socket(3), ZMQ_REP](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
    pub fn send(
        self, // moved: await the result, it is the socket in its next phase
        message: impl Into<Message>,
    ) -> SendingStep<Rep<P>, Rep<AwaitingRequest>, M>
    where
        Rep<P>: SendsNow,
        M: Attached,
    {
        self.sending(Outgoing::One(message.into()), Deadline::Never)
    }

    /// As [`send`](Self::send), giving up after a while: [`Error::TimedOut`], with the message; the socket comes back.
    pub fn send_within(
        self, // moved: await the result, it is the socket in its next phase
        time: Duration,
        message: impl Into<Message>,
    ) -> SendingStep<Rep<P>, Rep<AwaitingRequest>, M>
    where
        Rep<P>: SendsNow,
        M: Attached,
    {
        self.sending(Outgoing::One(message.into()), Deadline::Within(time))
    }

    /// As [`send`](Self::send), a message of several frames.
    pub fn send_multipart(
        self, // moved: await the result, it is the socket in its next phase
        message: impl Into<Multipart>,
    ) -> SendingStep<Rep<P>, Rep<AwaitingRequest>, M>
    where
        Rep<P>: SendsNow,
        M: Attached,
    {
        self.sending(Outgoing::Many(message.into()), Deadline::Never)
    }

    /// As [`send`](Self::send), without waiting. Works anywhere.
    pub fn try_send(
        self, // moved: the result is the socket in its next phase
        message: impl Into<Message>,
    ) -> Result<Socket<Rep<AwaitingRequest>, M>, Returned<Self>>
    where
        Rep<P>: SendsNow,
        M: Attached,
    {
        self.send_waiting(Outgoing::One(message.into()), Wait::Never)
    }

    /// As [`send`](Self::send), blocking the thread while it waits. Works anywhere.
    pub fn blocking_send(
        self, // moved: the result is the socket in its next phase
        message: impl Into<Message>,
    ) -> Result<Socket<Rep<AwaitingRequest>, M>, Returned<Self>>
    where
        Rep<P>: SendsNow,
        M: Attached,
    {
        self.send_waiting(Outgoing::One(message.into()), Wait::Forever)
    }

    /// As [`send_multipart`](Self::send_multipart), without waiting.
    pub fn try_send_multipart(
        self, // moved: the result is the socket in its next phase
        message: impl Into<Multipart>,
    ) -> Result<Socket<Rep<AwaitingRequest>, M>, Returned<Self>>
    where
        Rep<P>: SendsNow,
        M: Attached,
    {
        self.send_waiting(Outgoing::Many(message.into()), Wait::Never)
    }

    /// As [`send_multipart`](Self::send_multipart), blocking the thread while it waits.
    pub fn blocking_send_multipart(
        self, // moved: the result is the socket in its next phase
        message: impl Into<Multipart>,
    ) -> Result<Socket<Rep<AwaitingRequest>, M>, Returned<Self>>
    where
        Rep<P>: SendsNow,
        M: Attached,
    {
        self.send_waiting(Outgoing::Many(message.into()), Wait::Forever)
    }

    /// Waits for a request: gives it, and the socket in the phase that owes the answer.
    ///
    /// # Errors
    /// The socket comes back: [`Returned`]. A request of several frames is an [`Error::UnexpectedMultipart`]; unless it is
    /// answered otherwise, the next receive answers it with an empty message.
    ///
    /// # Cancel safety
    /// Dropping the future closes the socket. [`next_request`](Self::next_request) keeps it.
    pub fn recv(
        self, // moved: await the result, it has the socket in its next phase
    ) -> ReceivingStep<Rep<P>, Rep<OwingReply>, M, Message>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        self.receiving(Deadline::Never)
    }

    /// As [`recv`](Self::recv), giving up after a while: [`Error::TimedOut`]; the socket comes back.
    pub fn recv_within(
        self, // moved: await the result, it has the socket in its next phase
        time: Duration,
    ) -> ReceivingStep<Rep<P>, Rep<OwingReply>, M, Message>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        self.receiving(Deadline::Within(time))
    }

    /// As [`recv`](Self::recv), a message of any number of frames.
    pub fn recv_multipart(
        self, // moved: await the result, it has the socket in its next phase
    ) -> ReceivingStep<Rep<P>, Rep<OwingReply>, M, Multipart>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        self.receiving(Deadline::Never)
    }

    /// As [`recv`](Self::recv), without waiting. Works anywhere.
    pub fn try_recv(
        self, // moved: the result has the socket in its next phase
    ) -> Received<Rep<P>, Rep<OwingReply>, M, Message>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        self.recv_waiting(Wait::Never)
    }

    /// As [`recv`](Self::recv), blocking the thread while it waits. Works anywhere.
    pub fn blocking_recv(
        self, // moved: the result has the socket in its next phase
    ) -> Received<Rep<P>, Rep<OwingReply>, M, Message>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        self.recv_waiting(Wait::Forever)
    }

    /// As [`recv_multipart`](Self::recv_multipart), without waiting.
    pub fn try_recv_multipart(
        self, // moved: the result has the socket in its next phase
    ) -> Received<Rep<P>, Rep<OwingReply>, M, Multipart>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        self.recv_waiting(Wait::Never)
    }

    /// As [`recv_multipart`](Self::recv_multipart), blocking the thread while it waits.
    pub fn blocking_recv_multipart(
        self, // moved: the result has the socket in its next phase
    ) -> Received<Rep<P>, Rep<OwingReply>, M, Multipart>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        self.recv_waiting(Wait::Forever)
    }
}

/// # REP: request by request
impl<P: 'static, M> Socket<Rep<P>, M> {
    /// Waits for the next request, on a socket that stays in place.
    ///
    /// # Cancel safety
    /// Dropping the future loses no request.
    pub fn next_request(&mut self) -> NextRequest<'_>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        NextRequest { core: Some(self.core_mut()) }
    }

    /// As [`next_request`](Self::next_request), without waiting. Works anywhere.
    pub fn try_next_request(&mut self) -> Result<Request<'_>>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        let core = self.core_mut();
        let message = core.blocking_reply(Wait::Never)?.into_multipart();
        Ok(Request { core, message })
    }

    /// As [`next_request`](Self::next_request), blocking the thread while it waits. Works anywhere.
    pub fn blocking_next_request(&mut self) -> Result<Request<'_>>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
    {
        let core = self.core_mut();
        let message = core.blocking_reply(Wait::Forever)?.into_multipart();
        Ok(Request { core, message })
    }

    /// Answers requests, one after the other, with what `handler` makes of each, until the context ends.
    ///
    /// A request of several frames, for which the handler has no place, is answered with an empty message; use
    /// [`next_request`](Self::next_request) to take those.
    ///
    /// # Cancel safety
    /// Dropping the future loses no request; the one that the handler is at is answered with an empty message.
    ///
    /// ```
    /// use zmq_typestate::{Context, Message, Rep, Req};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let mut shout = context.socket::<Rep>()?.bind("inproc://shout")?;
    /// let mut client = context.socket::<Req>()?.connect(shout.address())?;
    ///
    /// let server = tokio::spawn(async move {
    ///     shout.serve(async |request: Message| request.to_ascii_uppercase()).await
    /// });
    /// assert_eq!(client.request("hello").await?, "HELLO");
    /// context.shutdown();
    /// # server.await.unwrap()
    /// # }
    /// ```
    pub fn serve<F, Answer>(&mut self, mut handler: F) -> impl Future<Output = Result<()>>
    where
        Rep<P>: ReceivesNow,
        M: Attached,
        F: AsyncFnMut(Message) -> Answer,
        Answer: Into<Message>,
    {
        let core = self.core_mut();
        async move {
            loop {
                let request = match (NextRequest { core: Some(&mut *core) }).await {
                    Ok(request) => request,
                    Err(Error::ContextTerminated { .. }) => return Ok(()),
                    Err(error) => return Err(error),
                };
                let (message, request) = request.take();
                if let Ok(message) = message.into_single() {
                    request.reply(handler(message).await)?;
                }
            }
        }
    }
}

/// Waits for a request; made by [`next_request`](Socket::next_request).
///
/// # Cancel safety
/// Dropping it loses no request.
#[must_use = "no request is received until the future is awaited"]
pub struct NextRequest<'a> {
    core: Option<&'a mut Core>,
}

impl<'a> Future for NextRequest<'a> {
    type Output = Result<Request<'a>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let Some(core) = this.core.take() else { return Poll::Pending };
        match core.poll_reply(cx) {
            Poll::Ready(Ok(arrival)) => Poll::Ready(Ok(Request { core, message: arrival.into_multipart() })),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                this.core = Some(core);
                Poll::Pending
            }
        }
    }
}

/// A request that a REP has received, and owes an answer to. It reads as its frames.
///
/// Dropping it answers with an empty message: a client that got no answer would wait for ever, and so would the REP.
#[must_use = "the client is waiting: answer with `reply`, or it gets an empty message"]
pub struct Request<'a> {
    core: &'a mut Core,
    message: Multipart,
}

impl Request<'_> {
    /// Answers with one frame. A REP never waits to answer: what a client that is gone or full does not take is dropped.
    ///
    /// # Errors
    /// [`Error::ContextTerminated`], with the answer in it.
    pub fn reply(self, answer: impl Into<Message>) -> Result<()> {
        self.core.blocking_request(Outgoing::One(answer.into()), Wait::Never)
    }

    /// Answers with several frames: see [`reply`](Self::reply).
    ///
    /// # Errors
    /// [`Error::EmptyMultipart`] for no frames, and then the answer is an empty message; [`Error::ContextTerminated`].
    pub fn reply_multipart(self, answer: impl Into<Multipart>) -> Result<()> {
        self.core.blocking_request(Outgoing::Many(answer.into()), Wait::Never)
    }

    /// Takes the frames out.
    fn take(mut self) -> (Multipart, Self) {
        (std::mem::take(&mut self.message), self)
    }
}

impl Deref for Request<'_> {
    type Target = Multipart;

    fn deref(&self) -> &Multipart {
        &self.message
    }
}

impl Drop for Request<'_> {
    fn drop(&mut self) {
        self.core.settle();
    }
}
