//! Sending: a message on its way out, from the check before libzmq has it to what comes of it.

use std::task::{Context as TaskContext, Poll};

use super::{Core, wait_failed};
use crate::error::{Error, Unsent};
use crate::message::{Message, Multipart};
use crate::raw::{self, Direction, Errno, Ticket, Wait, WaitError};
use crate::routing::Name;
use crate::socket_type::{Kind, Wire};

/// A message on its way out: to whichever peer the socket chooses, or to one.
#[derive(Debug)]
pub(crate) enum Outgoing {
    One(Message),
    Many(Multipart),
    To(Name, Multipart),
    /// What makes a STREAM close a connection.
    Close(Name),
}

impl Core {
    pub(crate) fn poll_send(
        &mut self,
        cx: &mut TaskContext<'_>,
        ticket: &mut Ticket,
        outgoing: &mut Outgoing,
    ) -> Poll<Result<(), Error>> {
        self.check(outgoing)?;
        let kind = self.kind;
        #[cfg(feature = "draft")]
        if kind.answers_by_number() {
            return self.poll_send_by_number(cx, ticket, outgoing).map_err(|error| self.unsent(error, outgoing));
        }
        let sent = self.raw.poll(cx, Direction::Send, ticket, |raw| outgoing.send(raw, kind, Wait::Never));
        if let Poll::Ready(Ok(())) = sent {
            self.strike_off(outgoing);
        }
        sent.map_err(|error| self.unsent(error, outgoing))
    }

    pub(crate) fn try_send(&mut self, outgoing: Outgoing) -> Result<(), Error> {
        self.send(outgoing, Wait::Never)
    }

    #[inline]
    pub(crate) fn send(&mut self, mut outgoing: Outgoing, wait: Wait) -> Result<(), Error> {
        self.check(&mut outgoing)?;
        let first = if wait == Wait::Forever && !self.libzmq_waits() { Wait::Never } else { wait };
        let mut sent = outgoing.send(&mut self.raw, self.kind, first);
        if let Err(Errno::AGAIN) = sent {
            sent = self.send_again(&mut outgoing, wait);
        }
        self.raw.hand_over();
        match sent {
            Ok(()) => {
                self.strike_off(&outgoing);
                if outgoing.is_spent() {
                    std::mem::forget(outgoing);
                }
                Ok(())
            }
            Err(errno) => Err(self.not_sent(errno, wait, &mut outgoing)),
        }
    }

    /// Strikes off the peer whose connection was closed by it.
    #[inline]
    fn strike_off(&mut self, sent: &Outgoing) {
        if let Outgoing::Close(peer) = sent {
            self.peers.remove(peer);
        }
    }

    /// A STREAM notices a connection's end only when it looks for input, which a blocking zmq_msg_send never does; a DGRAM's
    /// may abort; a thread-safe socket would signal more often than it is drained.
    fn libzmq_waits(&self) -> bool {
        self.kind.wire == Wire::Zmtp && !self.kind.thread_safe
    }

    #[cold]
    fn not_sent(&self, errno: Errno, wait: Wait, outgoing: &mut Outgoing) -> Error {
        match errno {
            Errno::AGAIN if wait == Wait::Forever => self.timed_out(Direction::Send, outgoing.take().into()),
            errno => self.unsent(WaitError::Errno(errno), outgoing),
        }
    }

    /// What libzmq does not see to, before it is given the message.
    #[inline]
    pub(crate) fn check(&self, outgoing: &mut Outgoing) -> Result<(), Error> {
        self.address(outgoing);
        self.stays_whole(outgoing)?;
        #[cfg(feature = "draft")]
        self.fits(outgoing)?;
        Ok(())
    }

    /// Under the name by which libzmq knows the peer.
    #[inline]
    fn address(&self, outgoing: &mut Outgoing) {
        if let (Some(names), Outgoing::To(peer, _)) = (&self.given_names, outgoing) {
            names.to_wire(peer);
        }
    }

    /// Refuses a message of which a conflating socket would keep a part.
    #[inline]
    pub(crate) fn stays_whole(&self, outgoing: &mut Outgoing) -> Result<(), Error> {
        if let Outgoing::Many(message) = outgoing
            && message.len() > 1
            && self.raw.conflates()
        {
            let frames = message.len();
            return Err(Error::ConflatedMultipart { socket: self.kind.name, frames, unsent: outgoing.take().into() });
        }
        Ok(())
    }

    /// After `EAGAIN`: the command that makes room may lie unread.
    #[cold]
    fn send_again(&mut self, outgoing: &mut Outgoing, mut wait: Wait) -> Result<(), Errno> {
        if self.libzmq_waits() && self.raw.timeout(Direction::Send).is_some() {
            // It has waited for as long as it may.
            wait = Wait::Never;
        }
        let deadline = self.deadline(Direction::Send);
        loop {
            if wait == Wait::Forever {
                // Before the last look: only what comes after it is signalled.
                self.raw.descriptor()?;
            }
            self.raw.drain();
            self.raw.events()?;
            #[cfg(feature = "draft")]
            self.look_ahead()?;
            match outgoing.send(&mut self.raw, self.kind, Wait::Never) {
                Err(Errno::AGAIN) if wait == Wait::Forever => self.raw.wait_for_signal(deadline)?,
                sent => return sent,
            }
        }
    }

    #[cold]
    pub(crate) fn unsent(&self, error: WaitError, outgoing: &mut Outgoing) -> Error {
        let socket = self.kind.name;
        let peer = match outgoing {
            Outgoing::To(peer, _) => {
                let name = self.given_names.as_ref().and_then(|names| names.of(peer));
                Some(name.unwrap_or(peer).to_string())
            }
            #[cfg(feature = "draft")]
            Outgoing::One(message) => message.frame_mut().routing_id().map(|id| id.to_string()),
            _ => None,
        };
        let unsent = Unsent::from(outgoing.take());
        match error {
            WaitError::Errno(Errno::INVALID) => Error::EmptyMultipart { socket },
            WaitError::Errno(Errno::UNREACHABLE) => {
                let peer = peer.unwrap_or_else(|| "any more: it went away half way".into());
                Error::Unroutable { socket, peer, unsent }
            }
            error => wait_failed(socket, "zmq_msg_send", error, unsent),
        }
    }
}

impl Outgoing {
    /// The end of a message that broke half way: an empty frame.
    pub(crate) fn rest() -> Self {
        Outgoing::One(Message::new())
    }

    /// The message, leaving none.
    pub(crate) fn take(&mut self) -> Multipart {
        match std::mem::replace(self, Outgoing::Many(Multipart::new())) {
            Outgoing::One(message) => message.into(),
            Outgoing::Many(message) | Outgoing::To(_, message) => message,
            Outgoing::Close(_) => Multipart::new(),
        }
    }

    /// Whether nothing has to be dropped once libzmq has taken it: a frame is left empty, and an empty one need not be closed.
    #[inline]
    pub(crate) fn is_spent(&self) -> bool {
        matches!(self, Outgoing::One(_))
    }

    /// Sends the message whole, or not at all; on failure it is still here.
    #[inline]
    pub(crate) fn send(&mut self, raw: &mut raw::Socket, kind: &Kind, wait: Wait) -> Result<(), Errno> {
        match self {
            Outgoing::One(message) => raw.send_frame(message.frame_mut(), false, wait),
            Outgoing::Many(frames) => send_frames(raw, kind, None, frames, wait),
            #[cfg(feature = "draft")]
            Outgoing::To(address, frames) if kind.name == "DGRAM" => crate::dgram::send(raw, address, frames),
            Outgoing::To(peer, frames) => send_frames(raw, kind, Some(peer), frames, wait),
            // The first one begins the closing, which goes on only while the socket processes commands. Until it is done
            // the peer takes nothing (EAGAIN), then it is unknown.
            Outgoing::Close(peer) => match send_frames(raw, kind, Some(peer), &mut Message::new().into(), wait) {
                Ok(()) => Err(Errno::AGAIN),
                Err(Errno::UNREACHABLE) => Ok(()),
                Err(errno) => Err(errno),
            },
        }
    }
}

/// All frames but the last are sent as copies (which share the bytes): a peer that dies between two frames takes the
/// first ones with it, and the message must still be there to go to another.
fn send_frames(
    raw: &mut raw::Socket,
    kind: &Kind,
    peer: Option<&Name>,
    frames: &mut Multipart,
    wait: Wait,
) -> Result<(), Errno> {
    if frames.is_empty() {
        return Err(Errno::INVALID);
    }
    loop {
        if let Some(peer) = peer {
            raw.send_frame(Message::from(&peer[..]).frame_mut(), true, wait)?;
        }
        match send_frames_once(raw, peer.is_none(), frames, wait) {
            Ok(()) => return Ok(()),
            Err(Broken { at_first: true, errno, .. }) => return Err(errno),
            Err(Broken { errno, rest, .. }) if errno == Errno::AGAIN => match kind.name {
                // The half-built request cannot be taken back, so it cannot be begun again.
                "REQ" => return Err(Errno::UNREACHABLE),
                // Drops what is sent until a frame without MORE: one empty frame gets it back to a beginning.
                "PUSH" | "DEALER" if rest => raw.send_frame(Message::new().frame_mut(), false, Wait::Never)?,
                _ => {}
            },
            Err(Broken { errno, .. }) => return Err(errno),
        }
    }
}

/// Where a multi-frame send stopped.
struct Broken {
    errno: Errno,
    /// Nothing of the message has been sent.
    at_first: bool,
    /// Frames were still to follow.
    rest: bool,
}

fn send_frames_once(raw: &mut raw::Socket, from_first: bool, frames: &mut Multipart, wait: Wait) -> Result<(), Broken> {
    let last = frames.len() - 1;
    for (at, frame) in frames.iter_mut().enumerate() {
        let at_first = from_first && at == 0;
        let wait = if at_first { wait } else { Wait::Never };
        let sent = if at < last {
            raw.send_frame(&mut frame.frame_mut().share(), true, wait)
        } else {
            raw.send_frame(frame.frame_mut(), false, wait)
        };
        sent.map_err(|errno| Broken { errno, at_first, rest: at < last })?;
    }
    Ok(())
}
