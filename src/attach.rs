//! Binding and connecting, with the checks that libzmq leaves out, and replacing a REQ whose reply nobody awaits.

use std::ffi::c_int;
use std::os::unix::fs::FileTypeExt;
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

    pub(crate) fn address<L>(&self) -> Address<L> {
        Address::resolved(self.scheme, self.name().into())
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
        Ok(Address::resolved(scheme, address))
    }

    /// The address that was bound first.
    pub(crate) fn home<L>(&self) -> Address<L> {
        Address::resolved(self.home.0, self.home.1.clone())
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
        if !self.peers.insert(name.clone()) {
            return Err(Error::DuplicateName { name: name.to_string() });
        }
        let option = zmq_sys::ZMQ_CONNECT_ROUTING_ID as c_int;
        let connected = match self.raw.set(option, &Value::Bytes(name[..].into())) {
            Ok(()) => self.connect(target),
            Err(errno) => Err(self.failed("zmq_setsockopt", errno)),
        };
        if connected.is_err() {
            self.peers.remove(name);
        }
        connected
    }

    pub(crate) fn unbind(&mut self, target: Target) -> Result<(), Error> {
        self.detach(Side::Bind, target)
    }

    pub(crate) fn disconnect(&mut self, target: Target) -> Result<(), Error> {
        self.detach(Side::Connect, target)
    }

    pub(crate) fn addresses<L>(&self) -> impl Iterator<Item = Address<L>> {
        self.attachments.iter().filter(|it| it.side == Side::Bind).map(Attachment::address)
    }

    fn attach<R>(
        &mut self,
        side: Side,
        #[cfg_attr(not(feature = "draft"), allow(unused_mut))] mut parsed: Parsed,
        call: impl FnOnce(&mut raw::Socket, &str) -> Result<R, Errno>,
    ) -> Result<R, Error> {
        self.check_transport(side, &parsed)?;
        let asked = parsed.text.clone();
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
        // Held over the call, so that nobody binds or connects the name in between.
        let names = self.names.clone();
        let mut names = (parsed.scheme == Scheme::Inproc).then(|| names.lock());
        if let Some(names) = &names {
            let wrong = match side {
                Side::Bind => names.refuses_binder(parsed.address(), self.kind),
                Side::Connect => names.refuses_connecter(parsed.address(), self.kind),
            };
            if let Some(peer) = wrong {
                return Err(Error::IncompatiblePeer { socket: self.kind.name, peer: peer.name, endpoint: parsed.text });
            }
        }
        let done = call(&mut self.raw, &parsed.text).map_err(|errno| self.refused(side.verb(), &asked, errno))?;
        if let Some(names) = &mut names {
            match side {
                Side::Bind => names.bound(parsed.address(), self.kind),
                Side::Connect => names.connected(parsed.address(), self.kind),
            }
        }
        drop(names);

        let resolved = match (side, parsed.scheme) {
            (Side::Bind, Scheme::Tcp | Scheme::Ipc | Scheme::Ws) => self.last_endpoint()?,
            _ => parsed.text,
        };
        self.attachments.push(Attachment { side, scheme: parsed.scheme, asked, resolved });
        self.note_datagrams();
        Ok(done)
    }

    fn note_datagrams(&mut self) {
        #[cfg(feature = "draft")]
        {
            self.draft.datagrams = self.attachments.iter().any(|it| it.scheme == Scheme::Udp);
        }
    }

    #[cfg(feature = "draft")]
    fn not_attached(&self, side: Side, endpoint: &str, source: std::io::Error) -> Error {
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
            (_, Scheme::Ipc) if side == Side::Bind && holds_something_else(parsed.address()) => {
                Err(Error::PathInUse { endpoint: parsed.text.clone() })
            }
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
        self.attachments.remove(found);
        self.note_datagrams();
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
        self.attachments.iter().all(|it| it.side == Side::Connect)
    }

    /// Replaces the libzmq socket by a new one with the same options and endpoints, without whatever was under way.
    pub(crate) fn replace(&mut self) -> Result<(), Error> {
        let socket = raw::Socket::open(self.context.clone(), self.kind.number, self.kind.thread_safe);
        let mut socket = socket.map_err(|errno| self.failed("zmq_socket", errno))?;
        self.set_up(&mut socket)?;
        for attachment in &self.attachments {
            let connected = socket.connect(&attachment.asked);
            connected.map_err(|errno| self.refused("connect", &attachment.asked, errno))?;
        }
        let mut old = std::mem::replace(&mut self.raw, socket);
        // The request that was given up is not to be delivered after all. That is all that can fail here.
        let _ = old.set_linger(Duration::ZERO);
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

/// Whether something lies at an ipc path that libzmq would delete without being a stale socket.
fn holds_something_else(path: &str) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| !found.file_type().is_socket())
}
