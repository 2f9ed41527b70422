//! DGRAM: datagrams of plain UDP, and what libzmq leaves to be checked before it binds a UDP port.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4, UdpSocket};

use crate::core::{Arrival, Core, Outgoing};
use crate::error::{Error, Result};
use crate::incoming::{Incoming, sealed};
use crate::message::{Message, Multipart};
use crate::raw::{self, Errno, Frame, Wait};
use crate::routing::{Name, ReceiverOf, receiver};
use crate::socket_type::Dgram;

#[diagnostic::do_not_recommend]
impl ReceiverOf<Dgram> for SocketAddrV4 {}

#[allow(private_interfaces, reason = "sealed")]
impl receiver::Named for SocketAddrV4 {
    fn address(&self, _: &Core, message: Message) -> Result<Outgoing> {
        if self.port() == 0 {
            // libzmq would drop it in silence.
            return Err(Error::Unroutable { socket: "DGRAM", peer: self.to_string(), unsent: message.into() });
        }
        Ok(Outgoing::To(Name::of(self.to_string().as_bytes()), message.into()))
    }
}

/// Sends copies (which share the bytes): a DGRAM that has lost its port destroys what it is given.
pub(crate) fn send(raw: &mut raw::Socket, address: &Name, body: &mut Multipart) -> Result<(), Errno> {
    let mut send = |mut frame: Frame, more| {
        raw.send_frame(&mut frame, more, Wait::Never)
            .map_err(|errno| if frame.is_intact() { errno } else { Errno::NOT_CONNECTED })
    };
    send(Frame::copied(address), true)?;
    let body = body.first_mut().map_or_else(Frame::empty, |body| body.frame_mut().share());
    send(body, false)
}

impl Incoming for (SocketAddrV4, Message) {
    type Whole = Self;
}

#[allow(private_interfaces, reason = "sealed")]
impl sealed::Incoming for (SocketAddrV4, Message) {
    fn from_arrival(core: &mut Core, arrival: Arrival) -> Result<Self> {
        let mut message = arrival.into_multipart();
        let sender = match &message[..] {
            [sender, _] => str::from_utf8(sender.strip_suffix(&[0]).unwrap_or(sender)).ok(),
            _ => None,
        };
        match (sender.and_then(|sender| sender.parse().ok()), message.len()) {
            (Some(sender), 2) => {
                message.pop_front();
                Ok((sender, message.pop_front().unwrap_or_default()))
            }
            // libzmq puts the address before every datagram.
            _ => Err(Error::UnexpectedMultipart { socket: core.kind.name, message: Box::new(message) }),
        }
    }
}

/// Sees whether the port of a `udp://` endpoint can be bound, which libzmq does only later, in the background, trying again
/// and again if it cannot. Gives the endpoint with a free port where it has none.
pub(crate) fn claim(endpoint: &str) -> io::Result<String> {
    let (interface, target) = match endpoint.rsplit_once(';') {
        Some((interface, target)) => (Some(interface), target),
        None => (None, endpoint),
    };
    let Some((host, port)) = target.rsplit_once(':') else { return Ok(endpoint.into()) };
    let address = |host: &str| match host {
        "*" => Some(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        host => host.trim_start_matches('[').trim_end_matches(']').parse().ok(),
    };
    // The name of an interface: libzmq has the word.
    let Some(ip) = address(host) else { return Ok(endpoint.into()) };
    let number = if port == "*" { 0 } else { port.parse().unwrap_or(0) };
    let port = match ip {
        // Several may listen to a multicast group at one port; the group is what may be refused.
        IpAddr::V4(group) if group.is_multicast() => {
            let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
            let interface = match interface.and_then(address) {
                Some(IpAddr::V4(interface)) => interface,
                _ => Ipv4Addr::UNSPECIFIED,
            };
            socket.join_multicast_v4(&group, &interface)?;
            if number == 0 { socket.local_addr()?.port() } else { number }
        }
        IpAddr::V6(group) if group.is_multicast() => number,
        ip => UdpSocket::bind((ip, number))?.local_addr()?.port(),
    };
    let interface = interface.map_or_else(String::new, |interface| format!("{interface};"));
    // As with tcp: an address that can be connected to.
    let host = if host == "*" { "0.0.0.0" } else { host };
    Ok(format!("{interface}{host}:{port}"))
}
