//! Receiving: the next whole message, from libzmq or from what was received before its turn.

use std::task::{Context as TaskContext, Poll, ready};

use super::{Core, wait_failed};
use crate::error::{Error, Unsent};
use crate::incoming::Incoming;
use crate::message::{Message, Multipart};
use crate::raw::{self, Direction, Errno, Slot, Ticket, Wait, WaitError};

/// A message that has come in, whole.
pub(crate) struct Arrival {
    pub(crate) first: Message,
    pub(crate) rest: Multipart,
}

impl Core {
    #[inline]
    pub(crate) fn poll_recv<R: Incoming>(
        &mut self,
        cx: &mut TaskContext<'_>,
        ticket: &mut Ticket,
    ) -> Poll<Result<R, Error>> {
        if !self.is_plain() {
            return self.poll_recv_any(cx, ticket).map(|arrival| R::from_arrival(self, arrival?));
        }
        let (mut first, mut rest) = (Slot::new(), Multipart::new());
        let received =
            self.raw.poll(cx, Direction::Recv, ticket, |raw| recv_whole(raw, &mut first, &mut rest, Wait::Never));
        Poll::Ready(match ready!(received) {
            Ok(false) => R::from_arrival(self, Arrival::from(Message::received(&mut first))),
            Ok(true) => self.several_arrived(&mut first, &mut rest),
            Err(error) => Err(self.unreceived(error)),
        })
    }

    #[inline]
    pub(crate) fn recv<R: Incoming>(&mut self, wait: Wait) -> Result<R, Error> {
        if !self.is_plain() || wait == Wait::Forever && self.kind.thread_safe {
            let arrival = self.recv_any(wait)?;
            return R::from_arrival(self, arrival);
        }
        let (mut first, mut rest) = (Slot::new(), Multipart::new());
        let received = recv_whole(&mut self.raw, &mut first, &mut rest, wait);
        self.raw.hand_over();
        match received {
            Ok(false) => R::from_arrival(self, Arrival::from(Message::received(&mut first))),
            Ok(true) => self.several_arrived(&mut first, &mut rest),
            Err(errno) => Err(self.not_received(errno, wait)),
        }
    }

    /// By itself, so that a single frame is not moved about with what several need.
    #[inline(never)]
    fn several_arrived<R: Incoming>(&mut self, first: &mut Slot, rest: &mut Multipart) -> Result<R, Error> {
        R::from_arrival(self, Arrival { first: Message::received(first), rest: std::mem::take(rest) })
    }

    /// Whether a receive takes the next message from libzmq, and gives it as it is: the way of most messages, which is kept
    /// short.
    #[inline]
    fn is_plain(&self) -> bool {
        self.ahead.is_empty() && self.fault.is_none() && self.given_names.is_none()
    }

    pub(crate) fn poll_recv_any(
        &mut self,
        cx: &mut TaskContext<'_>,
        ticket: &mut Ticket,
    ) -> Poll<Result<Arrival, Error>> {
        self.take_fault()?;
        loop {
            let arrival = match self.ahead.pop_front() {
                Some(arrival) => arrival,
                None => ready!(self.poll_arrival(cx, ticket))?,
            };
            let Some(names) = &self.given_names else { return Poll::Ready(Ok(arrival)) };
            if let Some(arrival) = names.received(arrival) {
                return Poll::Ready(Ok(arrival));
            }
        }
    }

    /// Past what was received before its turn.
    pub(crate) fn poll_arrival(
        &mut self,
        cx: &mut TaskContext<'_>,
        ticket: &mut Ticket,
    ) -> Poll<Result<Arrival, Error>> {
        self.raw
            .poll(cx, Direction::Recv, ticket, |raw| Arrival::recv(raw, Wait::Never))
            .map_err(|error| self.unreceived(error))
    }

    pub(crate) fn recv_any(&mut self, wait: Wait) -> Result<Arrival, Error> {
        self.take_fault()?;
        loop {
            let arrival = match self.ahead.pop_front() {
                Some(arrival) => arrival,
                None => self.recv_arrival(wait)?,
            };
            let Some(names) = &self.given_names else { return Ok(arrival) };
            if let Some(arrival) = names.received(arrival) {
                return Ok(arrival);
            }
        }
    }

    fn recv_arrival(&mut self, wait: Wait) -> Result<Arrival, Error> {
        let arrival = match wait {
            // libzmq's own waiting would signal more often than it is drained.
            Wait::Forever if self.kind.thread_safe => self.recv_when_signalled(),
            wait => Arrival::recv(&mut self.raw, wait),
        };
        self.raw.hand_over();
        arrival.map_err(|errno| self.not_received(errno, wait))
    }

    fn recv_when_signalled(&mut self) -> Result<Arrival, Errno> {
        let deadline = self.deadline(Direction::Recv);
        loop {
            // Before the last look: only what comes after it is signalled.
            self.raw.descriptor()?;
            self.raw.drain();
            match Arrival::recv(&mut self.raw, Wait::Never) {
                Err(Errno::AGAIN) => self.raw.wait_for_signal(deadline)?,
                arrival => return arrival,
            }
        }
    }

    #[cold]
    fn not_received(&self, errno: Errno, wait: Wait) -> Error {
        match errno {
            Errno::AGAIN if wait == Wait::Forever => self.timed_out(Direction::Recv, Unsent::NOTHING),
            errno => self.unreceived(WaitError::Errno(errno)),
        }
    }

    #[cold]
    fn unreceived(&self, error: WaitError) -> Error {
        wait_failed(self.kind.name, "zmq_msg_recv", error, Unsent::NOTHING)
    }
}

/// Takes one message, and tells whether it has several frames.
#[inline]
fn recv_whole(raw: &mut raw::Socket, first: &mut Slot, rest: &mut Multipart, wait: Wait) -> Result<bool, Errno> {
    let several = raw.recv_frame(first, wait)?;
    if several {
        recv_rest(raw, rest)?;
    }
    Ok(several)
}

/// libzmq hands out no frame before all of its message are there.
#[inline(never)]
fn recv_rest(raw: &mut raw::Socket, rest: &mut Multipart) -> Result<(), Errno> {
    let mut more = true;
    while more {
        let mut frame = Slot::new();
        more = raw.recv_frame(&mut frame, Wait::Never)?;
        rest.push(Message::received(&mut frame));
    }
    Ok(())
}

impl Arrival {
    /// Takes one whole message.
    pub(crate) fn recv(raw: &mut raw::Socket, wait: Wait) -> Result<Self, Errno> {
        let (mut first, mut rest) = (Slot::new(), Multipart::new());
        recv_whole(raw, &mut first, &mut rest, wait)?;
        Ok(Self { first: Message::received(&mut first), rest })
    }

    /// The frame, if there is only one; else all.
    #[inline]
    pub(crate) fn into_single(self) -> Result<Message, Multipart> {
        if self.rest.is_empty() { Ok(self.first) } else { Err(self.into_multipart()) }
    }

    pub(crate) fn into_multipart(self) -> Multipart {
        let Self { first, mut rest } = self;
        rest.push_front(first);
        rest
    }
}

impl From<Message> for Arrival {
    #[inline]
    fn from(first: Message) -> Self {
        Self { first, rest: Multipart::new() }
    }
}
