//! The loop of a proxy, which knows no socket types.

use std::fmt;
use std::task::{Context, Poll, ready};

use tokio::task::coop;

use super::control::{Command, ProxyControl};
use crate::core::{Arrival, Core, Outgoing, wait_failed};
use crate::error::{Error, Unsent};
use crate::message::{Message, Multipart};
use crate::raw::{Direction, Errno, Wait, WaitError};
use crate::socket::Socket;

/// So many messages go one way before the other one has its turn.
const TURN: usize = 100;

pub(super) struct Engine {
    /// The frontend, and the backend.
    sides: [Side; 2],
    capture: Option<Box<Core>>,
    control: ProxyControl,
}

struct Side {
    core: Box<Core>,
    /// Whether what this side receives goes to the other.
    flows: bool,
    /// Received here, while the other side has no room for it.
    held: Option<Outgoing>,
}

impl Engine {
    pub(super) fn new(frontend: Box<Core>, backend: Box<Core>) -> Self {
        let flows = |from: &Core, to: &Core| from.kind.receives() && to.kind.sends();
        let (there, back) = (flows(&frontend, &backend), flows(&backend, &frontend));
        #[cfg_attr(not(feature = "futures"), allow(unused_mut))]
        let mut sides =
            [Side { core: frontend, flows: there, held: None }, Side { core: backend, flows: back, held: None }];
        // What a socket has taken as a sink goes out first.
        #[cfg(feature = "futures")]
        for way in [0, 1] {
            sides[way].held = sides[1 - way].core.outbox.give_back();
        }
        Self { sides, capture: None, control: ProxyControl::default() }
    }

    pub(super) fn capture(&mut self, socket: Box<Core>) {
        self.capture = Some(socket);
    }

    pub(super) fn control(&self) -> &ProxyControl {
        &self.control
    }

    /// The sockets. What was received from one, and not sent by the other, is received from it again.
    pub(super) fn into_sockets<F, FM, B, BM>(self) -> (Socket<F, FM>, Socket<B, BM>) {
        let [frontend, backend] = self.sides.map(|mut side| {
            if let Some(mut message) = side.held.take() {
                let mut frames = message.take();
                // As it came: it is received once more.
                if let Some(names) = &side.core.given_names {
                    names.envelope_to_wire(&mut frames);
                }
                if let Some(first) = frames.pop_front() {
                    side.core.ahead.push_front(Arrival { first, rest: frames });
                }
            }
            side.core
        });
        (Socket::from_core(frontend), Socket::from_core(backend))
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        for Side { core, .. } in &mut self.sides {
            // Before the first look: what comes from then on is signalled.
            core.raw.register().map_err(|error| wait_failed(core.kind.name, "poll", error, Unsent::NOTHING))?;
        }
        loop {
            let command = self.control.command(cx.waker());
            match command {
                Command::Stop => return Poll::Ready(Ok(())),
                // The end of the context is noticed all the same.
                Command::Pause => match self.poll_signals(cx)? {
                    true => continue,
                    false => return Poll::Pending,
                },
                Command::Run | Command::Drain => {}
            }
            let mut moved = false;
            for way in [0, 1] {
                for _ in 0..TURN {
                    let budget = ready!(coop::poll_proceed(cx));
                    if !self.forward(way)? {
                        break;
                    }
                    budget.made_progress();
                    moved = true;
                }
            }
            if moved || self.look_again(0)? || self.look_again(1)? {
                continue;
            }
            if command == Command::Drain && self.sides.iter().all(|side| side.held.is_none()) {
                return Poll::Ready(Ok(()));
            }
            if !self.wait(cx)? {
                return Poll::Pending;
            }
        }
    }

    /// Waits for a signal while nothing is to be moved. Whatever came before is read, which tells the end of the context.
    fn poll_signals(&mut self, cx: &mut Context<'_>) -> Result<bool, Error> {
        for Side { core, .. } in &mut self.sides {
            core.raw.drain();
            core.raw.events().map_err(|errno| core.failed("zmq_getsockopt", errno))?;
        }
        self.wait(cx)
    }

    /// True when either side has been signalled since it was looked at; else both wake the task.
    fn wait(&mut self, cx: &mut Context<'_>) -> Result<bool, Error> {
        let mut signalled = false;
        for Side { core, .. } in &mut self.sides {
            if let Poll::Ready(signal) = core.raw.poll_signal(cx) {
                signal.map_err(|error| wait_failed(core.kind.name, "poll", error, Unsent::NOTHING))?;
                signalled = true;
            }
        }
        Ok(signalled)
    }

    /// Moves one message from one side to the other; false where there is none, or no room for it.
    fn forward(&mut self, way: usize) -> Result<bool, Error> {
        let [frontend, backend] = &mut self.sides;
        let (from, to) = if way == 0 { (frontend, backend) } else { (backend, frontend) };
        if !from.flows {
            return Ok(false);
        }
        let message = match &mut from.held {
            Some(message) => message,
            None => {
                let Some(mut message) = from.receive()? else { return Ok(false) };
                if let Some(capture) = &mut self.capture {
                    copy(&mut message, capture, &self.control)?;
                }
                let fits = to.core.stays_whole(&mut message);
                #[cfg(feature = "draft")]
                let fits = fits.and_then(|()| to.core.fits(&mut message));
                if fits.is_err() {
                    self.control.dropped(way);
                    return Ok(true);
                }
                from.held.insert(message)
            }
        };
        let bytes = bytes(message);
        match to.send(message) {
            Ok(()) => self.control.forwarded(way, bytes),
            // To a client that has gone, or does not receive its replies: others wait for theirs.
            Err(Errno::UNREACHABLE) => self.control.dropped(way),
            Err(Errno::AGAIN) if to.core.kind.name == "ROUTER" => self.control.dropped(way),
            Err(Errno::AGAIN) => return Ok(false),
            Err(errno) => return Err(failed(&to.core, "zmq_msg_send", errno)),
        }
        from.held = None;
        Ok(true)
    }

    /// Before waiting: whether a side can go on after all. Afterwards it has read all that it was told, so that whatever comes
    /// is signalled.
    fn look_again(&mut self, way: usize) -> Result<bool, Error> {
        let waited_for = self.sides[1 - way].held.is_some();
        let side = &mut self.sides[way];
        let wants = side.flows && side.held.is_none();
        if side.core.raw.drain() {
            return Ok(true);
        }
        let ready = |side: &mut Side| -> Result<_, Error> {
            let events = side.core.raw.events().map_err(|errno| side.core.failed("zmq_getsockopt", errno))?;
            Ok((wants && Direction::Recv.ready(events), waited_for && Direction::Send.ready(events)))
        };
        match ready(side)? {
            (true, _) => Ok(true),
            (false, false) => Ok(false),
            // Some types always say that there is room: an attempt, which may have read what there is to receive, and another,
            // which then reads nothing more; and then it is waited for.
            (false, true) => Ok(self.forward(1 - way)? || ready(&mut self.sides[way])?.0 || self.forward(1 - way)?),
        }
    }
}

impl Side {
    fn receive(&mut self) -> Result<Option<Outgoing>, Error> {
        let core = &mut *self.core;
        let arrival = loop {
            let arrival = match core.ahead.pop_front() {
                Some(arrival) => Ok(arrival),
                None => {
                    let arrival = Arrival::recv(&mut core.raw, Wait::Never);
                    core.raw.hand_over();
                    arrival
                }
            };
            // Not from one who has come with a name that was given to another.
            match (&core.given_names, arrival) {
                (Some(names), Ok(arrival)) => {
                    if let Some(arrival) = names.received(arrival) {
                        break Ok(arrival);
                    }
                }
                (_, arrival) => break arrival,
            }
        };
        match arrival {
            Ok(arrival) => Ok(Some(match arrival.into_single() {
                #[cfg(feature = "draft")]
                Ok(message) if core.kind.name == "DISH" => Outgoing::One(message.with_its_group()),
                Ok(message) => Outgoing::One(message),
                Err(message) => Outgoing::Many(message),
            })),
            Err(Errno::AGAIN) => Ok(None),
            Err(errno) => Err(failed(core, "zmq_msg_recv", errno)),
        }
    }

    fn send(&mut self, message: &mut Outgoing) -> Result<(), Errno> {
        let core = &mut *self.core;
        if let (Some(names), Outgoing::Many(frames)) = (&core.given_names, &mut *message) {
            names.envelope_to_wire(frames);
        }
        let sent = send(core, message);
        core.raw.hand_over();
        if let (Some(names), Outgoing::Many(frames)) = (&core.given_names, message) {
            names.envelope_from_wire(frames);
        }
        sent
    }
}

fn send(core: &mut Core, message: &mut Outgoing) -> Result<(), Errno> {
    match message.send(&mut core.raw, core.kind, Wait::Never) {
        // The command that makes room may lie unread.
        Err(Errno::AGAIN) => {
            core.raw.events()?;
            message.send(&mut core.raw, core.kind, Wait::Never)
        }
        sent => sent,
    }
}

/// Gives the capturing socket a copy, which shares the bytes of long frames.
fn copy(message: &mut Outgoing, capture: &mut Core, control: &ProxyControl) -> Result<(), Error> {
    let copy: Multipart = match message {
        Outgoing::One(message) => message.share().into(),
        Outgoing::Many(frames) => frames.iter_mut().map(Message::share).collect(),
        Outgoing::To(..) | Outgoing::Close(_) => return Ok(()),
    };
    let mut copy = Outgoing::Many(copy);
    if capture.stays_whole(&mut copy).is_err() {
        control.missed();
        return Ok(());
    }
    match send(capture, &mut copy) {
        Ok(()) => Ok(()),
        Err(Errno::AGAIN) => {
            control.missed();
            Ok(())
        }
        Err(errno) => Err(failed(capture, "zmq_msg_send", errno)),
    }
}

fn bytes(message: &Outgoing) -> u64 {
    match message {
        Outgoing::One(message) => message.len() as u64,
        Outgoing::Many(frames) | Outgoing::To(_, frames) => frames.iter().map(|frame| frame.len() as u64).sum(),
        Outgoing::Close(_) => 0,
    }
}

fn failed(core: &Core, call: &'static str, errno: Errno) -> Error {
    wait_failed(core.kind.name, call, WaitError::Errno(errno), Unsent::NOTHING)
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.sides.iter().map(|side| &side.core)).finish()
    }
}
