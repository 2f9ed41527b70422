//! What the draft types need of every socket beyond what the classic ones do.

use std::collections::VecDeque;
use std::ffi::c_int;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use crate::core::{Arrival, Core, Outgoing};
use crate::error::{Error, Result};
use crate::message::Message;
use crate::raw::{self, Direction, Errno, Slot, Ticket, Value, Wait};
use crate::socket_type::Kind;

/// libzmq copies a datagram into a buffer of this size without looking at its length.
const DATAGRAM: usize = 8192;

/// The longest that a RADIO is sent: the command by which a DISH joins a group of 255 bytes. A longer one would abort the
/// process. (CURVE's handshake fits too into what that becomes when it is encrypted.)
const LONGEST_JOIN: i64 = 260;

/// So many messages are received ahead of their turn at most.
const AHEAD: usize = 10_000;

pub(crate) struct State {
    /// What tells the routing ids of this socket from those of another.
    pub(crate) serial: u64,
    /// Attached over udp, which limits what can be sent.
    pub(crate) datagrams: bool,
}

impl State {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { serial: NEXT.fetch_add(1, Ordering::Relaxed), datagrams: false }
    }
}

impl Kind {
    /// Sends to the peer whose number is in the message.
    pub(crate) fn answers_by_number(&self) -> bool {
        matches!(self.name, "SERVER" | "PEER")
    }
}

impl Core {
    /// Refuses what would overflow the buffer of a datagram, here or at the receiver.
    #[inline]
    pub(crate) fn fits(&self, outgoing: &mut Outgoing) -> Result<()> {
        if self.draft.datagrams { self.fits_a_datagram(outgoing) } else { Ok(()) }
    }

    fn fits_a_datagram(&self, outgoing: &mut Outgoing) -> Result<()> {
        let (group, len) = match outgoing {
            Outgoing::One(message) => (message.frame_mut().group().len(), message.len()),
            Outgoing::To(_, frames) => (0, frames.iter().map(|frame| frame.len()).sum()),
            Outgoing::Many(_) | Outgoing::Close(_) => return Ok(()),
        };
        // A RADIO puts the group, and a byte for its length, before the message.
        let limit = if self.kind.name == "RADIO" { (DATAGRAM - 1).saturating_sub(group) } else { DATAGRAM };
        let socket = self.kind.name;
        if len > limit {
            return Err(Error::DatagramTooLong { socket, len, limit, unsent: outgoing.take().into() });
        }
        Ok(())
    }

    /// A SERVER, or PEER, hears of a peer's end only when it comes to it in what it receives, and until then says that the
    /// peer has no room. So, where there is no room, it looks ahead.
    pub(crate) fn poll_send_by_number(
        &mut self,
        cx: &mut Context<'_>,
        ticket: &mut Ticket,
        outgoing: &mut Outgoing,
    ) -> Poll<Result<(), raw::WaitError>> {
        let Self { raw, ahead, kind, .. } = self;
        let mut looked = false;
        let sent = raw.poll(cx, Direction::Send, ticket, |raw| match outgoing.send(raw, kind, Wait::Never) {
            Err(Errno::AGAIN) => {
                // Before, not after: only what comes after it is signalled.
                raw.drain();
                looked |= look_ahead(raw, ahead)?;
                outgoing.send(raw, kind, Wait::Never)
            }
            sent => sent,
        });
        if looked {
            raw.wake(Direction::Recv);
        }
        sent
    }

    /// What only a draft type has to be told when it is made.
    pub(crate) fn set_up_draft(&mut self) {
        if self.kind.name == "RADIO" {
            self.make_room_for_joins(0);
        }
        if self.kind.name == "DGRAM" {
            // The context may have it on: libzmq aborts the process at the first datagram that such a DGRAM receives.
            self.set(zmq_sys::ZMQ_IPV6 as c_int, "ZMQ_IPV6", Value::Int(0));
        }
    }

    /// `overhead` is what encryption adds to each message.
    pub(crate) fn make_room_for_joins(&mut self, overhead: i64) {
        if self.kind.name == "RADIO" {
            let longest = Value::Wide((LONGEST_JOIN + overhead).to_ne_bytes());
            self.set(zmq_sys::ZMQ_MAXMSGSIZE as c_int, "ZMQ_MAXMSGSIZE", longest);
        }
    }

    pub(crate) fn look_ahead(&mut self) -> Result<(), Errno> {
        if self.kind.answers_by_number() && look_ahead(&mut self.raw, &mut self.ahead)? {
            self.raw.wake(Direction::Recv);
        }
        Ok(())
    }
}

/// Receives what is there, to be handed out in its turn. True if there was anything.
fn look_ahead(raw: &mut raw::Socket, ahead: &mut VecDeque<Arrival>) -> Result<bool, Errno> {
    let mut looked = false;
    while ahead.len() < AHEAD {
        let mut message = Slot::new();
        match raw.recv_frame(&mut message, Wait::Never) {
            Ok(_) => ahead.push_back(Message::received(&mut message).into()),
            Err(Errno::AGAIN) => break,
            Err(errno) => return Err(errno),
        }
        looked = true;
    }
    Ok(looked)
}
