//! Many messages in one call.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::core::{Core, Outgoing};
use crate::error::{Error, Result};
use crate::future::Access;
use crate::half::{RecvHalf, SendHalf};
use crate::incoming::Incoming;
use crate::message::{Message, Multipart};
use crate::mode::Attached;
use crate::raw::{Errno, Ticket, Wait, WaitError};
#[cfg(feature = "draft")]
use crate::shared::Shared;
use crate::socket::Socket;
#[cfg(feature = "draft")]
use crate::socket_type::SocketType;
use crate::socket_type::{CanRecv, CanRecvMultipart, CanSend, CanSendMultipart, Duplex, FreeRunning};

/// So many messages are sent before other tasks get their turn, as far as tokio's budget goes.
const AT_ONCE: usize = 64;

/// # Many messages in one call
impl<T: FreeRunning, M> Socket<T, M> {
    /// Sends all these messages, in order. Each leaves the queue when libzmq has accepted it, as in [`send`](Self::send); with
    /// small messages it is faster than that.
    ///
    /// # Errors
    /// As for `send`: the error has the message that failed, and the queue those after it.
    ///
    /// # Cancel safety
    /// What is in the queue after the future has been dropped has not been sent, and what is not has been.
    ///
    /// ```
    /// use std::collections::VecDeque;
    /// use zmq_typestate::{Context, Message, Pull, Push};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// # let context = Context::new()?;
    /// let mut pull = context.socket::<Pull>()?.bind("inproc://many")?;
    /// let mut push = context.socket::<Push>()?.connect(pull.address())?;
    ///
    /// let mut jobs: VecDeque<Message> = (0..100).map(|job| format!("job {job}").into()).collect();
    /// push.send_many(&mut jobs).await?;
    ///
    /// let mut received = Vec::new();
    /// while received.len() < 100 {
    ///     pull.recv_many(&mut received, 100).await?;
    /// }
    /// assert_eq!(received[99], "job 99");
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_many<'a>(&'a mut self, messages: &'a mut VecDeque<Message>) -> SendingMany<'a, Message>
    where
        T: CanSend,
        M: Attached,
    {
        SendingMany { socket: Access::Whole(self.core_mut()), messages }
    }

    /// As [`send_many`](Self::send_many), messages of several frames.
    ///
    /// # Cancel safety
    /// What is in the queue after the future has been dropped has not been sent, no part of it, and what is not has been.
    pub fn send_many_multipart<'a>(&'a mut self, messages: &'a mut VecDeque<Multipart>) -> SendingMany<'a, Multipart>
    where
        T: CanSendMultipart,
        M: Attached,
    {
        SendingMany { socket: Access::Whole(self.core_mut()), messages }
    }

    /// Receives what is there, but at most `limit` messages, to the end of a vector; waits for the first one. Gives their
    /// number, which is 0 only if `limit` is. With small messages it is faster than [`recv`](Self::recv).
    ///
    /// (A thread that blocks has the same by one `blocking_recv` and many `try_recv`.)
    ///
    /// # Errors
    /// As for `recv`, of the first message. What is wrong with a later one, the next call says.
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv_many<'a>(&'a mut self, into: &'a mut Vec<T::Incoming>, limit: usize) -> ReceivingMany<'a, T::Incoming>
    where
        T: CanRecv,
        M: Attached,
    {
        ReceivingMany { socket: Access::Whole(self.core_mut()), into, limit }
    }

    /// As [`recv_many`](Self::recv_many), messages of any number of frames.
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv_many_multipart<'a>(
        &'a mut self,
        into: &'a mut Vec<<T::Incoming as Incoming>::Whole>,
        limit: usize,
    ) -> ReceivingMany<'a, <T::Incoming as Incoming>::Whole>
    where
        T: CanRecvMultipart,
        M: Attached,
    {
        ReceivingMany { socket: Access::Whole(self.core_mut()), into, limit }
    }
}

impl<T: Duplex, M: Attached> SendHalf<T, M> {
    /// As [`Socket::send_many`].
    ///
    /// # Cancel safety
    /// What is in the queue after the future has been dropped has not been sent, and what is not has been.
    pub fn send_many<'a>(&'a mut self, messages: &'a mut VecDeque<Message>) -> SendingMany<'a, Message>
    where
        T: CanSend,
    {
        SendingMany { socket: Access::common(self.common()), messages }
    }

    /// As [`Socket::send_many_multipart`].
    ///
    /// # Cancel safety
    /// What is in the queue after the future has been dropped has not been sent, no part of it, and what is not has been.
    pub fn send_many_multipart<'a>(&'a mut self, messages: &'a mut VecDeque<Multipart>) -> SendingMany<'a, Multipart>
    where
        T: CanSendMultipart,
    {
        SendingMany { socket: Access::common(self.common()), messages }
    }
}

impl<T: Duplex, M: Attached> RecvHalf<T, M> {
    /// As [`Socket::recv_many`].
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv_many<'a>(&'a mut self, into: &'a mut Vec<T::Incoming>, limit: usize) -> ReceivingMany<'a, T::Incoming>
    where
        T: CanRecv,
    {
        ReceivingMany { socket: Access::common(self.common()), into, limit }
    }

    /// As [`Socket::recv_many_multipart`].
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and leaves none half read.
    pub fn recv_many_multipart<'a>(
        &'a mut self,
        into: &'a mut Vec<<T::Incoming as Incoming>::Whole>,
        limit: usize,
    ) -> ReceivingMany<'a, <T::Incoming as Incoming>::Whole>
    where
        T: CanRecvMultipart,
    {
        ReceivingMany { socket: Access::common(self.common()), into, limit }
    }
}

#[cfg(feature = "draft")]
impl<T: SocketType, M> Shared<T, M> {
    /// As [`Socket::send_many`]. Messages of others may come in between.
    ///
    /// # Cancel safety
    /// What is in the queue after the future has been dropped has not been sent, and what is not has been.
    pub fn send_many<'a>(&'a self, messages: &'a mut VecDeque<Message>) -> SendingMany<'a, Message>
    where
        T: CanSend,
    {
        SendingMany { socket: Access::common(self.common()), messages }
    }

    /// As [`Socket::recv_many`].
    ///
    /// # Cancel safety
    /// Dropping the future loses no message, and whoever else waits receives it.
    pub fn recv_many<'a>(&'a self, into: &'a mut Vec<T::Incoming>, limit: usize) -> ReceivingMany<'a, T::Incoming>
    where
        T: CanRecv,
    {
        ReceivingMany { socket: Access::common(self.common()), into, limit }
    }
}

/// Sends many messages; made by [`send_many`](Socket::send_many) and [`send_many_multipart`](Socket::send_many_multipart).
///
/// # Cancel safety
/// What is in the queue after it has been dropped has not been sent, and what is not has been.
#[must_use = "nothing is sent until the future is awaited"]
pub struct SendingMany<'a, S> {
    socket: Access<'a>,
    messages: &'a mut VecDeque<S>,
}

/// Receives many messages; made by [`recv_many`](Socket::recv_many) and
/// [`recv_many_multipart`](Socket::recv_many_multipart).
///
/// # Cancel safety
/// Dropped before it is done, it has received nothing: no message is lost, and none is left half read.
#[must_use = "nothing is received until the future is awaited"]
pub struct ReceivingMany<'a, R> {
    socket: Access<'a>,
    into: &'a mut Vec<R>,
    limit: usize,
}

impl<S: Queued> Future for SendingMany<'_, S> {
    type Output = Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { socket, messages } = self.get_mut();
        socket.with(|core, ticket| core.poll_send_many(cx, ticket, messages))
    }
}

impl<R: Incoming> Future for ReceivingMany<'_, R> {
    type Output = Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { socket, into, limit } = self.get_mut();
        if *limit == 0 {
            return Poll::Ready(Ok(0));
        }
        socket.with(|core, ticket| {
            core.poll_recv(cx, ticket).map_ok(|first| {
                into.push(first);
                1 + core.recv_along(into, *limit - 1)
            })
        })
    }
}

/// What a queue of messages to send is made of.
trait Queued {
    fn into_outgoing(self) -> Outgoing;
    fn from_outgoing(outgoing: Outgoing) -> Self;
}

impl Queued for Message {
    fn into_outgoing(self) -> Outgoing {
        Outgoing::One(self)
    }

    fn from_outgoing(mut outgoing: Outgoing) -> Self {
        outgoing.take().into_iter().next().unwrap_or_default()
    }
}

impl Queued for Multipart {
    fn into_outgoing(self) -> Outgoing {
        Outgoing::Many(self)
    }

    fn from_outgoing(mut outgoing: Outgoing) -> Self {
        outgoing.take()
    }
}

impl Core {
    fn poll_send_many<S: Queued>(
        &mut self,
        cx: &mut Context<'_>,
        ticket: &mut Ticket,
        messages: &mut VecDeque<S>,
    ) -> Poll<Result<()>> {
        while let Some(message) = messages.pop_front() {
            let mut outgoing = message.into_outgoing();
            match self.poll_send(cx, ticket, &mut outgoing) {
                Poll::Ready(sent) => sent?,
                Poll::Pending => {
                    messages.push_front(S::from_outgoing(outgoing));
                    return Poll::Pending;
                }
            }
            let sent = self.send_along(messages);
            self.raw.hand_over();
            sent?;
        }
        Poll::Ready(Ok(()))
    }

    /// Sends what there is room for without waiting.
    fn send_along<S: Queued>(&mut self, messages: &mut VecDeque<S>) -> Result<()> {
        for _ in 1..AT_ONCE {
            let Some(message) = messages.pop_front() else { break };
            let mut outgoing = message.into_outgoing();
            self.check(&mut outgoing)?;
            match outgoing.send(&mut self.raw, self.kind, Wait::Never) {
                Ok(()) if outgoing.is_spent() => std::mem::forget(outgoing),
                Ok(()) => {}
                Err(Errno::AGAIN) => {
                    messages.push_front(S::from_outgoing(outgoing));
                    break;
                }
                Err(errno) => return Err(self.unsent(WaitError::Errno(errno), &mut outgoing)),
            }
        }
        Ok(())
    }

    /// Receives what is there without waiting.
    fn recv_along<R: Incoming>(&mut self, into: &mut Vec<R>, limit: usize) -> usize {
        for received in 0..limit {
            match self.recv(Wait::Never) {
                Ok(message) => into.push(message),
                Err(error) => {
                    // With a message of which something is wrong; everything else comes again at the next call.
                    if !matches!(error, Error::WouldBlock { .. }) {
                        self.fault(error);
                    }
                    return received;
                }
            }
        }
        limit
    }
}
