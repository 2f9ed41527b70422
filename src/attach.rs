//! Binding and connecting, with the checks that libzmq leaves out, and replacing a REQ whose reply nobody awaits.

use std::ffi::c_int;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use crate::core::Core;
use crate::endpoint::{Address, EndpointError, Parsed, Scheme};
use crate::error::Error;
use crate::inproc::Names;
use crate::raw::{self, Errno, Value};
use crate::routing::Name;
use crate::socket_type::Wire;

/// An endpoint that a socket is attached to.
pub(crate) struct Attachment {
    side: Side,
    scheme: Scheme,
    /// As it was asked for.
    asked: String,
    /// As libzmq resolved it: without wildcards.
    resolved: String,
}

/// Which way a socket is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Bind,
    Connect,
}

impl Side {
    fn verb(self) -> &'static str {
        match self {
            Side::Bind => "bind",
            Side::Connect => "connect",
        }
    }

    fn undo(self) -> &'static str {
        match self {
            Side::Bind => "unbind",
            Side::Connect => "disconnect",
        }
    }
}

impl Attachment {
    pub(crate) fn endpoint(&self) -> &str {
        &self.resolved
    }

    fn address<L>(&self, context: u64) -> Address<L> {
        Address::resolved(self.scheme, self.name().into(), context)
    }

    /// The part after the scheme.
    fn name(&self) -> &str {
        self.resolved.strip_prefix(self.scheme.prefix()).unwrap_or(&self.resolved)
    }
}

type Target = Result<Parsed, EndpointError>;

impl Core {
    /// Gives the address that was bound: the real one.
    pub(crate) fn bind<L>(&mut self, target: Target) -> Result<Address<L>, Error> {
        self.take_fault()?;
        let parsed = target?;
        parsed.for_bind()?;
        self.attach(Side::Bind, parsed, raw::Socket::bind)?;
        let attachment = &self.attachments[self.attachments.len() - 1];
        let (scheme, address) = (attachment.scheme, attachment.name().to_owned());
        if self.home.1.is_empty() {
            self.home = (scheme, address.clone());
        }
        Ok(Address::resolved(scheme, address, self.names.serial()))
    }

    /// The address that was bound first.
    pub(crate) fn home<L>(&self) -> Address<L> {
        Address::resolved(self.home.0, self.home.1.clone(), self.names.serial())
    }

    pub(crate) fn connect(&mut self, target: Target) -> Result<(), Error> {
        self.connect_by(target, raw::Socket::connect)
    }

    /// Connects by one of libzmq's calls that do.
    pub(crate) fn connect_by<R>(
        &mut self,
        target: Target,
        call: impl FnOnce(&mut raw::Socket, &str) -> Result<R, Errno>,
    ) -> Result<R, Error> {
        self.take_fault()?;
        let parsed = target?;
        parsed.for_connect()?;
        let connected = |it: &Attachment| it.side == Side::Connect && it.asked == parsed.text;
        if self.attachments.iter().any(connected) {
            return Err(Error::AlreadyConnected { socket: self.kind.name, endpoint: parsed.text });
        }
        self.attach(Side::Connect, parsed, call)
    }

    /// Connects a ROUTER to a peer that it can then address by `name`.
    pub(crate) fn connect_as(&mut self, name: &Name, target: Target) -> Result<(), Error> {
        if name.is_made_up() {
            return Err(Error::RoutingId { id: name.to_vec() });
        }
        if self.given_names.as_ref().is_some_and(|names| names.contains(name)) {
            return Err(Error::DuplicateName { name: name.to_string() });
        }
        let wire = Name::unguessable();
        self.connect_by(target, |raw, endpoint| {
            raw.set(zmq_sys::ZMQ_CONNECT_ROUTING_ID as c_int, &Value::Bytes(wire[..].into()))?;
            raw.connect(endpoint)
        })?;
        self.given_names.get_or_insert_default().insert(name.clone(), wire);
        Ok(())
    }

    pub(crate) fn unbind(&mut self, target: Target) -> Result<(), Error> {
        self.detach(Side::Bind, target)
    }

    pub(crate) fn disconnect(&mut self, target: Target) -> Result<(), Error> {
        self.detach(Side::Connect, target)
    }

    pub(crate) fn addresses<L>(&self) -> impl Iterator<Item = Address<L>> {
        let context = self.names.serial();
        self.attachments.iter().filter(|it| it.side == Side::Bind).map(move |it| it.address(context))
    }

    fn attach<R>(
        &mut self,
        side: Side,
        mut parsed: Parsed,
        call: impl FnOnce(&mut raw::Socket, &str) -> Result<R, Errno>,
    ) -> Result<R, Error> {
        self.raw.release_monitor();
        self.check_transport(side, &parsed)?;
        self.check_security(side, &parsed)?;
        if parsed.context.is_some_and(|context| context != self.names.serial()) {
            return Err(Error::ForeignAddress { socket: self.kind.name, action: side.verb(), endpoint: parsed.text });
        }
        let asked = parsed.text.clone();
        let ipv6 = self.raw.get_int(zmq_sys::ZMQ_IPV6 as c_int) == Ok(1);
        parsed.resolve_interfaces(side == Side::Bind, |name| raw::interface_address(name, ipv6));
        #[cfg(feature = "draft")]
        if parsed.scheme == Scheme::Udp && side == Side::Bind {
            // libzmq binds later, in the background, and would try for ever without a word.
            let free =
                crate::dgram::claim(parsed.address()).map_err(|source| self.not_attached(side, &asked, source))?;
            parsed.text = format!("{}{free}", parsed.scheme.prefix());
        }
        if parsed.needs_ipv6() {
            self.set(zmq_sys::ZMQ_IPV6 as c_int, "ZMQ_IPV6", Value::Int(1));
            self.take_fault()?;
        }
        if parsed.scheme == Scheme::Inproc {
            self.raw.takes_turns();
        }
        // Held over the call, so that nobody binds or connects the name in between.
        let names = self.names.clone();
        let mut names = (parsed.scheme == Scheme::Inproc).then(|| names.lock());
        let mut waits = false;
        if let Some(names) = &names {
            let wrong = match side {
                Side::Bind => names.refuses_binder(parsed.address(), self.kind),
                Side::Connect => names.refuses_connecter(parsed.address(), self.kind),
            };
            if let Some(peer) = wrong {
                return Err(Error::IncompatiblePeer { socket: self.kind.name, peer: peer.name, endpoint: parsed.text });
            }
            waits = side == Side::Connect && !names.is_bound(parsed.address());
            let early = waits || side == Side::Bind && names.is_waited_for(parsed.address());
            self.check_inproc_options(side, &parsed, early)?;
        }
        self.batch_sizes(parsed.scheme, parsed.address()).set(&mut self.raw);
        let context = self.context.clone();
        let early = waits.then(|| context.await_binder(&parsed.text)).transpose();
        let early = early.map_err(|errno| self.refused(side.verb(), &asked, errno))?;
        let done = call(&mut self.raw, &parsed.text).map_err(|errno| self.refused(side.verb(), &asked, errno))?;
        drop(early);
        match (&mut names, side) {
            (Some(names), Side::Bind) => {
                names.bound(parsed.address(), self.kind);
                context.bound(&parsed.text);
            }
            (Some(names), Side::Connect) => names.connected(parsed.address(), self.kind),
            (None, _) => {}
        }
        drop(names);

        let resolved = match (side, parsed.scheme) {
            (Side::Bind, Scheme::Tcp | Scheme::Ipc | Scheme::Ws) => self.last_endpoint()?,
            _ => parsed.text,
        };
        #[cfg(feature = "tracing")]
        tracing::debug!(socket = self.kind.name, endpoint = resolved, "{}", side.verb());
        self.attachments.push(Attachment { side, scheme: parsed.scheme, asked, resolved });
        self.note_transports();
        Ok(done)
    }

    /// Over some transports libzmq has no security, and ignores in silence that there should be; over ws it loses subscriptions
    /// that are encrypted, and may talk to a peer without asking about it. A connection that is made again keeps the line to
    /// the ZAP handler: an answer about the peer of before is taken for one about the next, or aborts the process.
    fn check_security(&self, side: Side, parsed: &Parsed) -> Result<(), Error> {
        let Some(security) = &self.security else { return Ok(()) };
        let subscribes = matches!(self.kind.name, "PUB" | "SUB" | "XPUB" | "XSUB");
        let fault = match parsed.scheme {
            Scheme::Inproc | Scheme::Udp => {
                "libzmq has no security over this transport, and would let anybody in: use tcp, ipc or ws"
            }
            Scheme::Ws if subscribes && security.encrypts() => {
                "libzmq loses encrypted subscriptions over ws: use tcp or ipc"
            }
            Scheme::Ws if security.is_filter() => "over ws libzmq does not ask about every peer: use tcp or ipc",
            _ if side == Side::Connect && security.asks() => {
                "over reconnects libzmq takes the answer about one peer for that about another: bind it"
            }
            _ => return Ok(()),
        };
        Err(Error::NotWithOption {
            socket: self.kind.name,
            action: side.verb(),
            endpoint: parsed.text.clone(),
            option: security.option(),
            fault,
        })
    }

    /// What libzmq does not survive over inproc: a first message for a peer that has connected before the bind, and gone;
    /// and a conflating connection, whose one place is also that of the routing id and of the end. `early` is a connection
    /// that comes before the bind.
    fn check_inproc_options(&self, side: Side, parsed: &Parsed, early: bool) -> Result<(), Error> {
        const HELLO_MSG: u32 = 110;
        let refused = |option, fault| Error::NotWithOption {
            socket: self.kind.name,
            action: side.verb(),
            endpoint: parsed.text.clone(),
            option,
            fault,
        };
        if self.raw.conflates() {
            return Err(refused(
                "ZMQ_CONFLATE",
                "over inproc libzmq ignores it, or aborts the process; use ipc or tcp",
            ));
        }
        match self.last_set([HELLO_MSG, zmq_sys::ZMQ_XPUB_WELCOME_MSG]) {
            Some(option) if early => {
                let option = if option == HELLO_MSG { "ZMQ_HELLO_MSG" } else { "ZMQ_XPUB_WELCOME_MSG" };
                Err(refused(
                    option,
                    "libzmq would abort the process if a peer has connected before and gone: bind first",
                ))
            }
            _ => Ok(()),
        }
    }

    /// What depends on the transports that the socket is attached over.
    fn note_transports(&mut self) {
        #[cfg(feature = "draft")]
        {
            self.draft.datagrams = self.attachments.iter().any(|it| it.scheme == Scheme::Udp);
        }
        self.note_patience();
    }

    /// Whether all its peers are in this process.
    pub(crate) fn is_inproc(&self) -> bool {
        self.attachments.iter().all(|it| it.scheme == Scheme::Inproc)
    }

    fn not_attached(&self, side: Side, endpoint: &str, source: io::Error) -> Error {
        Error::Attach { socket: self.kind.name, action: side.verb(), endpoint: endpoint.into(), source }
    }

    fn refused(&self, action: &'static str, endpoint: &str, errno: Errno) -> Error {
        match errno {
            Errno::TERMINATED => self.failed("zmq_bind", errno),
            errno => Error::Attach { socket: self.kind.name, action, endpoint: endpoint.into(), source: errno.into() },
        }
    }

    fn last_endpoint(&self) -> Result<String, Error> {
        let bytes = self.raw.get_bytes(zmq_sys::ZMQ_LAST_ENDPOINT as c_int);
        let bytes = bytes.map_err(|errno| self.failed("zmq_getsockopt", errno))?;
        let text = bytes.strip_suffix(&[0]).unwrap_or(&bytes);
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    /// What libzmq accepts, and should not: a transport that the type does not speak, from this side or at all, a
    /// regular file in the way of an ipc socket.
    fn check_transport(&self, side: Side, parsed: &Parsed) -> Result<(), Error> {
        let (socket, action) = (self.kind.name, side.verb());
        let unsupported =
            |expected| Err(Error::UnsupportedTransport { socket, action, endpoint: parsed.text.clone(), expected });
        match (self.kind.wire, parsed.scheme) {
            (Wire::Tcp, Scheme::Tcp) => Ok(()),
            (Wire::Tcp, _) => unsupported("STREAM speaks tcp:// only"),
            #[cfg(feature = "draft")]
            (Wire::Udp(_), Scheme::Udp) if parsed.needs_ipv6() => unsupported("DGRAM speaks IPv4 only"),
            #[cfg(feature = "draft")]
            (Wire::Udp(_), Scheme::Udp) => Ok(()),
            #[cfg(feature = "draft")]
            (Wire::Udp(_), _) => unsupported("DGRAM speaks udp:// only"),
            #[cfg(feature = "draft")]
            (Wire::ZmtpOrUdp(Side::Bind), Scheme::Udp) if side == Side::Bind && !cfg!(libzmq_unsigned_char) => {
                unsupported(
                    "this build of libzmq aborts the process on a datagram that begins with a byte of 128 or more: \
                     build it with -funsigned-char in CXXFLAGS",
                )
            }
            #[cfg(feature = "draft")]
            (Wire::ZmtpOrUdp(right), Scheme::Udp) if right == side => Ok(()),
            #[cfg(feature = "draft")]
            (Wire::ZmtpOrUdp(_), Scheme::Udp) => unsupported("over udp:// a RADIO connects, and a DISH binds"),
            (_, Scheme::Udp) => unsupported("udp:// carries only the draft types RADIO, DISH and DGRAM"),
            (_, Scheme::Ipc) if side == Side::Bind => match occupant(parsed.address()) {
                Some(Occupant::NoSocket) => Err(Error::PathInUse { endpoint: parsed.text.clone() }),
                Some(Occupant::LiveSocket) => {
                    Err(self.not_attached(side, &parsed.text, io::Error::from_raw_os_error(libc::EADDRINUSE)))
                }
                None => Ok(()),
            },
            (_, Scheme::Tcp | Scheme::Ipc | Scheme::Inproc | Scheme::Ws) => Ok(()),
        }
    }

    fn detach(&mut self, side: Side, target: Target) -> Result<(), Error> {
        let parsed = target?;
        let found = self
            .attachments
            .iter()
            .position(|it| it.side == side && (it.resolved == parsed.text || it.asked == parsed.text));
        let Some(found) = found else {
            return Err(Error::NotAttached { socket: self.kind.name, action: side.undo(), endpoint: parsed.text });
        };
        release(&mut self.raw, &self.names, &self.attachments[found]).or_else(|errno| match errno {
            // It has ended by itself, as a connection to a PAIR's second peer does.
            Errno::NOT_FOUND => Ok(()),
            errno => Err(self.refused(side.undo(), &parsed.text, errno)),
        })?;
        #[cfg(feature = "tracing")]
        tracing::debug!(socket = self.kind.name, endpoint = self.attachments[found].resolved, "{}", side.undo());
        self.attachments.remove(found);
        self.note_transports();
        Ok(())
    }

    /// Gives up the inproc names that this socket holds.
    pub(crate) fn release_names(&mut self) {
        for attachment in &self.attachments {
            if attachment.side == Side::Bind && attachment.scheme == Scheme::Inproc {
                // Nothing is left to be done about a failure: the socket is going.
                let _ = release(&mut self.raw, &self.names, attachment);
            }
        }
    }

    /// Whether a new libzmq socket can take this one's place unseen: its peers are bound, so that the connections to them
    /// are its own and end with it.
    pub(crate) fn is_replaceable(&self) -> bool {
        !self.raw.is_monitored() && self.attachments.iter().all(|it| it.side == Side::Connect)
    }

    /// Replaces the libzmq socket by a new one with the same options and endpoints, without whatever was under way.
    pub(crate) fn replace(&mut self) -> Result<(), Error> {
        let socket = raw::Socket::open(self.context.clone(), self.kind.number, self.kind.thread_safe);
        let mut socket = socket.map_err(|errno| self.failed("zmq_socket", errno))?;
        self.set_up(&mut socket)?;
        let refused = |attachment: &Attachment, errno| self.refused("connect", &attachment.asked, errno);
        for attachment in &self.attachments {
            let early =
                (attachment.scheme == Scheme::Inproc).then(|| self.context.await_binder(&attachment.asked)).transpose();
            let _early = early.map_err(|errno| refused(attachment, errno))?;
            self.batch_sizes(attachment.scheme, attachment.name()).set(&mut socket);
            socket.connect(&attachment.asked).map_err(|errno| refused(attachment, errno))?;
        }
        let mut old = std::mem::replace(&mut self.raw, socket);
        self.note_patience();
        // The request that was given up is not to be delivered after all. That is all that can fail here.
        let _ = old.set_linger(Some(Duration::ZERO));
        Ok(())
    }
}

fn release(raw: &mut raw::Socket, names: &Names, attachment: &Attachment) -> Result<(), Errno> {
    let endpoint = &attachment.resolved;
    match attachment.side {
        Side::Connect => raw.disconnect(endpoint),
        Side::Bind if attachment.scheme == Scheme::Inproc => {
            let mut names = names.lock();
            let released = raw.unbind(endpoint);
            names.unbound(attachment.name());
            released
        }
        Side::Bind => raw.unbind(endpoint),
    }
}

/// What lies at an ipc path that libzmq would delete: anything, to it, is a socket that somebody left behind.
enum Occupant {
    NoSocket,
    LiveSocket,
}

fn occupant(path: &str) -> Option<Occupant> {
    let found = std::fs::symlink_metadata(path).ok()?;
    if !found.file_type().is_socket() {
        return Some(Occupant::NoSocket);
    }
    // The system refuses a connection of the wrong kind where there is a socket, and any connection where there is none any
    // more. Nobody notices this one.
    match UnixDatagram::unbound().and_then(|probe| probe.connect(path)) {
        Err(error) if error.raw_os_error() == Some(libc::EPROTOTYPE) => Some(Occupant::LiveSocket),
        Ok(()) => Some(Occupant::LiveSocket),
        Err(_) => None,
    }
}
