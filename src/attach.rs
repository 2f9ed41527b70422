//! Binding and connecting, with the checks that libzmq leaves out, and replacing a REQ whose reply nobody awaits.

use std::ffi::c_int;
use std::os::unix::fs::FileTypeExt;
use std::time::Duration;

use crate::core::Core;
use crate::endpoint::{Address, EndpointError, Parsed, Scheme};
use crate::error::Error;
use crate::raw::{self, Errno, Value};
use crate::routing::Id;

/// An endpoint that a socket is attached to.
pub(crate) struct Attachment {
    side: Side,
    scheme: Scheme,
    /// As it was asked for.
    asked: String,
    /// As libzmq resolved it: without wildcards.
    resolved: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
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
        let attachment = self.attach(Side::Bind, parsed)?;
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
        self.take_fault()?;
        let parsed = target?;
        parsed.for_connect()?;
        let connected = |it: &Attachment| it.side == Side::Connect && it.asked == parsed.text;
        if self.attachments.iter().any(connected) {
            return Err(Error::AlreadyConnected { socket: self.kind.name, endpoint: parsed.text });
        }
        self.attach(Side::Connect, parsed).map(drop)
    }

    /// Connects a ROUTER to a peer that it can then address by `name`.
    pub(crate) fn connect_as(&mut self, name: &Id, target: Target) -> Result<(), Error> {
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

    fn attach(&mut self, side: Side, parsed: Parsed) -> Result<&Attachment, Error> {
        self.check_transport(side, &parsed)?;
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
        match side {
            Side::Bind => self.raw.bind(&parsed.text),
            Side::Connect => self.raw.connect(&parsed.text),
        }
        .map_err(|errno| self.refused(side.verb(), &parsed.text, errno))?;
        if let Some(names) = &mut names {
            match side {
                Side::Bind => names.bound(parsed.address(), self.kind),
                Side::Connect => names.connected(parsed.address(), self.kind),
            }
        }
        drop(names);

        let resolved = match side {
            Side::Bind if parsed.scheme != Scheme::Inproc => self.last_endpoint()?,
            _ => parsed.text.clone(),
        };
        self.attachments.push(Attachment { side, scheme: parsed.scheme, asked: parsed.text, resolved });
        Ok(&self.attachments[self.attachments.len() - 1])
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

    /// What libzmq accepts, and should not: a STREAM that does not speak TCP, a regular file in the way of an ipc socket.
    fn check_transport(&self, side: Side, parsed: &Parsed) -> Result<(), Error> {
        let (socket, action) = (self.kind.name, side.verb());
        let unsupported =
            |expected| Error::UnsupportedTransport { socket, action, endpoint: parsed.text.clone(), expected };
        match parsed.scheme {
            Scheme::Tcp => {}
            _ if !self.kind.zmtp => return Err(unsupported("STREAM speaks tcp:// only")),
            Scheme::Udp => return Err(unsupported("udp:// carries only the draft types RADIO, DISH and DGRAM")),
            Scheme::Ipc if side == Side::Bind && holds_something_else(parsed.address()) => {
                return Err(Error::PathInUse { endpoint: parsed.text.clone() });
            }
            Scheme::Ipc | Scheme::Inproc | Scheme::Ws => {}
        }
        Ok(())
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
        self.release(&self.attachments[found]).or_else(|errno| match errno {
            // It has ended by itself, as a connection to a PAIR's second peer does.
            Errno::NOT_FOUND => Ok(()),
            errno => Err(self.refused(side.undo(), &parsed.text, errno)),
        })?;
        self.attachments.remove(found);
        Ok(())
    }

    fn release(&self, attachment: &Attachment) -> Result<(), Errno> {
        let endpoint = &attachment.resolved;
        match attachment.side {
            Side::Connect => self.raw.disconnect(endpoint),
            Side::Bind if attachment.scheme == Scheme::Inproc => {
                let mut names = self.names.lock();
                let released = self.raw.unbind(endpoint);
                names.unbound(attachment.name());
                released
            }
            Side::Bind => self.raw.unbind(endpoint),
        }
    }

    /// Gives up the inproc names that this socket holds.
    pub(crate) fn release_names(&self) {
        for attachment in &self.attachments {
            if attachment.side == Side::Bind && attachment.scheme == Scheme::Inproc {
                // Nothing is left to be done about a failure: the socket is going.
                let _ = self.release(attachment);
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
        let socket = raw::Socket::open(self.context.clone(), self.kind.number);
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

/// Whether something lies at an ipc path that libzmq would delete without being a stale socket.
fn holds_something_else(path: &str) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| !found.file_type().is_socket())
}
