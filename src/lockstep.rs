//! What REQ and REP have in common: sending and receiving in turn.
//!
//! Follows [zmq_socket(3), request-reply pattern](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::Sleep;

use crate::core::{Arrival, Core, Outgoing};
use crate::error::{Error, Result, Returned};
use crate::incoming::{Incoming, sealed};
use crate::message::Message;
use crate::raw::{Ticket, Wait};
use crate::socket::Socket;
use crate::timer;

/// Where a REQ or REP stands, also when its type has been left behind by a dropped future.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Turn {
    /// No question is open.
    #[default]
    Free,
    /// REQ: a reply is still to come. REP: a reply is still owed.
    Open,
    /// REQ: the connection broke between two frames of a request, and libzmq still waits for the rest of it.
    Broken,
}

/// Sends in lock-step; made by `send`, `send_multipart` and `send_within` of REQ and REP.
///
/// Done, it is the socket in its next phase. Failed, it gives back the socket, and the message inside of the error.
///
/// # Cancel safety
/// Dropping it closes the socket; nothing is sent that has not been.
#[must_use = "dropped without being awaited, it closes the socket"]
pub struct SendingStep<T, Next, M> {
    core: Option<Box<Core>>,
    outgoing: Outgoing,
    deadline: Deadline,
    step: PhantomData<fn(T, M) -> Next>,
}

/// Receives in lock-step; made by `recv`, `recv_multipart` and `recv_within` of REQ and REP.
///
/// Done, it is the message, and the socket in its next phase. Failed, it gives the socket back.
///
/// # Cancel safety
/// Dropping it closes the socket. To give up waiting and keep the socket, use `recv_within`, or REQ's `request`.
#[must_use = "dropped without being awaited, it closes the socket"]
pub struct ReceivingStep<T, Next, M, R> {
    core: Option<Box<Core>>,
    deadline: Deadline,
    step: PhantomData<fn(T, M, Next) -> R>,
}

/// A message and the socket in its next phase, or the socket as it was.
pub type Received<T, Next, M, R> = Result<(R, Socket<Next, M>), Returned<Socket<T, M>>>;

/// When a `_within` call gives up.
pub(crate) enum Deadline {
    Never,
    Within(Duration),
    At(Duration, Pin<Box<Sleep>>),
}

impl Deadline {
    /// `Ready` once the time is over, which starts with the first poll.
    fn poll(&mut self, socket: &'static str, cx: &mut Context<'_>) -> Poll<Error> {
        if let Deadline::Within(after) = *self {
            match timer::sleep(socket, after) {
                Ok(sleep) => *self = Deadline::At(after, sleep),
                Err(error) => return Poll::Ready(error),
            }
        }
        let Deadline::At(after, sleep) = self else { return Poll::Pending };
        ready!(sleep.as_mut().poll(cx));
        Poll::Ready(Error::TimedOut { socket, after: *after, unsent: Default::default() })
    }
}

impl<T, Next, M> Future for SendingStep<T, Next, M> {
    type Output = Result<Socket<Next, M>, Returned<Socket<T, M>>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let Some(mut core) = this.core.take() else { return Poll::Pending };
        let mut sent = core.poll_request(cx, &mut this.outgoing);
        if sent.is_pending() {
            sent = this.deadline.poll(core.kind.name, cx).map(Err);
        }
        match sent {
            Poll::Ready(Ok(())) => Poll::Ready(Ok(Socket::from_core(core))),
            Poll::Ready(Err(error)) => {
                let error = error.with_unsent(this.outgoing.take());
                Poll::Ready(Err(Returned::new(error, Socket::from_core(core))))
            }
            Poll::Pending => {
                this.core = Some(core);
                Poll::Pending
            }
        }
    }
}

impl<T, Next, M, R: Incoming> Future for ReceivingStep<T, Next, M, R> {
    type Output = Received<T, Next, M, R>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let Some(mut core) = this.core.take() else { return Poll::Pending };
        let mut received = core.poll_reply(cx);
        if received.is_pending() {
            received = this.deadline.poll(core.kind.name, cx).map(Err);
        }
        match received {
            Poll::Ready(received) => Poll::Ready(next_phase(core, received)),
            Poll::Pending => {
                this.core = Some(core);
                Poll::Pending
            }
        }
    }
}

fn next_phase<T, Next, M, R: Incoming>(mut core: Box<Core>, received: Result<Arrival>) -> Received<T, Next, M, R> {
    match received.and_then(|arrival| <R as sealed::Incoming>::from_arrival(&mut core, arrival)) {
        Ok(message) => Ok((message, Socket::from_core(core))),
        Err(error) => Err(Returned::new(error, Socket::from_core(core))),
    }
}

impl Core {
    /// Sends when the turn has come, and notes that it has passed.
    pub(crate) fn poll_request(&mut self, cx: &mut Context<'_>, outgoing: &mut Outgoing) -> Poll<Result<()>> {
        if self.is_stuck() {
            ready!(self.poll_send(cx, &mut Ticket::default(), &mut Outgoing::rest()))?;
            self.turn = Turn::Open;
        }
        self.give_up()?;
        let sent = ready!(self.poll_send(cx, &mut Ticket::default(), outgoing));
        Poll::Ready(self.sent(sent))
    }

    pub(crate) fn poll_reply(&mut self, cx: &mut Context<'_>) -> Poll<Result<Arrival>> {
        self.settle();
        let received = ready!(self.poll_recv_any(cx, &mut Ticket::default()));
        Poll::Ready(self.received(received))
    }

    pub(crate) fn blocking_request(&mut self, mut outgoing: Outgoing, wait: Wait) -> Result<()> {
        if let Err(error) = self.clear_way(wait) {
            return Err(error.with_unsent(outgoing.take()));
        }
        let sent = self.send(outgoing, wait);
        self.sent(sent)
    }

    pub(crate) fn blocking_reply(&mut self, wait: Wait) -> Result<Arrival> {
        self.settle();
        let received = self.recv_any(wait);
        self.received(received)
    }

    fn is_req(&self) -> bool {
        self.kind.name == "REQ"
    }

    fn sent(&mut self, sent: Result<()>) -> Result<()> {
        self.turn = match &sent {
            Ok(()) if self.is_req() => Turn::Open,
            Ok(()) => Turn::Free,
            Err(Error::Unroutable { .. }) if self.is_req() => Turn::Broken,
            Err(_) => self.turn,
        };
        sent
    }

    fn received(&mut self, received: Result<Arrival>) -> Result<Arrival> {
        if received.is_ok() {
            self.turn = if self.is_req() { Turn::Free } else { Turn::Open };
        }
        received
    }

    fn clear_way(&mut self, wait: Wait) -> Result<()> {
        if self.is_stuck() {
            self.send(Outgoing::rest(), wait)?;
            self.turn = Turn::Open;
        }
        self.give_up()
    }

    /// REQ: whether libzmq must first be given an end of the request that broke.
    fn is_stuck(&self) -> bool {
        self.turn == Turn::Broken && !self.leaves_no_trace()
    }

    /// REQ: whether, once its connections are gone, nobody can send an answer to it any more. Peers that connect to it,
    /// and ROUTERs that know it by name, would hand an old answer to whatever takes its place.
    fn leaves_no_trace(&self) -> bool {
        self.is_replaceable() && !self.has_set(zmq_sys::ZMQ_ROUTING_ID)
    }

    /// REQ: gets a question that was given up out of the way, so that its answer never meets the next one.
    fn give_up(&mut self) -> Result<()> {
        if !self.is_req() || self.turn == Turn::Free || self.has_set(zmq_sys::ZMQ_REQ_CORRELATE) {
            return Ok(());
        }
        // If the late answer is there, throwing it away is enough.
        if self.turn == Turn::Broken || self.recv_any(Wait::Never).is_err() {
            if self.leaves_no_trace() {
                self.replace()?;
            } else {
                // From now on each question has a number in its envelope, and an answer to another one is skipped.
                self.correlate();
                self.take_fault()?;
            }
        }
        self.turn = Turn::Free;
        Ok(())
    }

    /// REP: answers, with an empty message, a request that was given up: its client would wait for ever.
    pub(crate) fn settle(&mut self) {
        if self.turn == Turn::Open && !self.is_req() {
            // A REP never waits to answer; that the context has ended is told by the receive that follows.
            let _ = self.blocking_request(Outgoing::One(Message::new()), Wait::Never);
        }
    }
}

impl<T, M> Socket<T, M> {
    pub(crate) fn sending<Next>(self, outgoing: Outgoing, deadline: Deadline) -> SendingStep<T, Next, M> {
        SendingStep { core: Some(self.into_core()), outgoing, deadline, step: PhantomData }
    }

    pub(crate) fn receiving<Next, R>(self, deadline: Deadline) -> ReceivingStep<T, Next, M, R> {
        ReceivingStep { core: Some(self.into_core()), deadline, step: PhantomData }
    }

    pub(crate) fn send_waiting<Next>(self, outgoing: Outgoing, wait: Wait) -> Result<Socket<Next, M>, Returned<Self>> {
        let mut core = self.into_core();
        match core.blocking_request(outgoing, wait) {
            Ok(()) => Ok(Socket::from_core(core)),
            Err(error) => Err(Returned::new(error, Socket::from_core(core))),
        }
    }

    pub(crate) fn recv_waiting<Next, R: Incoming>(self, wait: Wait) -> Received<T, Next, M, R> {
        let mut core = self.into_core();
        let received = core.blocking_reply(wait);
        next_phase(core, received)
    }
}
