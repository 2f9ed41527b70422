//! What an endpoint may look like: one set of rules for literals, at compile time, and for strings, at run time.
//!
//! libzmq is looser where it hurts: it takes port 70000 for 4464 and `5555abc` for 5555.

use super::Scheme;

/// What is wrong with an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    NoScheme,
    SchemeInside,
    UnknownTransport,
    TransportNotBuilt,
    OtherTransport,
    NoAddress,
    Nul,
    NoPort,
    Port,
    NoHost,
    Host,
    Ipv4,
    Ipv6,
    Ipv6Brackets,
    WsPath,
    IpcTooLong,
    IpcAbstractName,
    InprocTooLong,
    InprocReserved,
    ConnectWildcard,
    ConnectPort,
    BindSource,
    UdpInterface,
    UdpInterfaceIpv6,
}

impl Fault {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Fault::NoScheme => "it must be scheme://address, as tcp://127.0.0.1:5555",
            Fault::SchemeInside => "leave out the scheme: the constructor adds it, write tcp(\"127.0.0.1:5555\")",
            Fault::UnknownTransport => "unknown transport: it must be tcp, ipc, inproc, ws or udp, in lower case",
            Fault::TransportNotBuilt => {
                "this transport is not in this build of libzmq: use tcp, ipc, inproc, ws or udp"
            }
            Fault::OtherTransport => "it is of another transport than was asked for",
            Fault::NoAddress => "the address after :// is missing",
            Fault::Nul => "it must not contain a NUL byte",
            Fault::NoPort => "the port is missing: it must be host:port, as 127.0.0.1:5555",
            Fault::Port => "the port must be a number from 0 to 65535, or * when binding",
            Fault::NoHost => "the host is missing: it must be host:port, as 127.0.0.1:5555 or, when binding, *:5555",
            Fault::Host => {
                "the host must be an IP address or a name of at most 253 ASCII letters, digits, '-', '.' and '_'"
            }
            Fault::Ipv4 => "the host is not an IPv4 address: it must be four numbers from 0 to 255, as 127.0.0.1",
            Fault::Ipv6 => "the host is not an IPv6 address in brackets, as [::1]",
            Fault::Ipv6Brackets => "an IPv6 address must stand in brackets, as [::1]:5555",
            Fault::WsPath => "it must be host:port/path, without blanks",
            Fault::IpcTooLong => "an ipc path takes at most 107 bytes",
            Fault::IpcAbstractName => "the name after @ is missing",
            Fault::InprocTooLong => "an inproc name takes at most 256 bytes",
            Fault::InprocReserved => "inproc://zeromq.zap.01 is reserved for authentication",
            Fault::ConnectWildcard => "a wildcard cannot be connected to: * is for bind",
            Fault::ConnectPort => "port 0 cannot be connected to: it is for bind, which then chooses a port",
            Fault::UdpInterface => {
                "an interface (the part before ;) stands only before a multicast group, as eth0;239.0.0.1:5555"
            }
            Fault::UdpInterfaceIpv6 => {
                "this libzmq cannot choose the interface of an IPv6 group: leave out the part before ;"
            }
            Fault::BindSource => "a source address (the part before ;) is for connect only",
        }
    }
}

/// Takes scheme and address apart, and checks the address.
pub(crate) fn parse(endpoint: &str) -> Result<(Scheme, &str), Fault> {
    let (scheme, address) = endpoint.split_once("://").ok_or(Fault::NoScheme)?;
    let scheme = match scheme {
        "" => return Err(Fault::NoScheme),
        "tcp" => Scheme::Tcp,
        "ipc" => Scheme::Ipc,
        "inproc" => Scheme::Inproc,
        "udp" => Scheme::Udp,
        "ws" => Scheme::Ws,
        "pgm" | "epgm" | "norm" | "tipc" | "vmci" | "wss" => return Err(Fault::TransportNotBuilt),
        _ => return Err(Fault::UnknownTransport),
    };
    check(scheme, address.as_bytes())?;
    Ok((scheme, address))
}

// `const fn` has neither `?` nor iterators: hence `match` and `while`.
macro_rules! attempt {
    ($checked:expr) => {
        match $checked {
            Ok(value) => value,
            Err(fault) => return Err(fault),
        }
    };
}

/// Checks the part after the scheme, for binding or connecting.
pub(crate) const fn check(scheme: Scheme, address: &[u8]) -> Result<(), Fault> {
    if address.is_empty() {
        return Err(Fault::NoAddress);
    }
    if find(address, 0).is_some() {
        return Err(Fault::Nul);
    }
    match scheme {
        Scheme::Ipc => match address {
            [b'@'] => Err(Fault::IpcAbstractName),
            _ if address.len() > 107 => Err(Fault::IpcTooLong),
            _ => Ok(()),
        },
        Scheme::Inproc => match address {
            b"zeromq.zap.01" => Err(Fault::InprocReserved),
            _ if address.len() > 256 => Err(Fault::InprocTooLong),
            _ => Ok(()),
        },
        Scheme::Tcp => {
            let (source, target) = split_source(address);
            if let Some(source) = source {
                attempt!(check_host_port(source));
            }
            check_host_port(target)
        }
        Scheme::Udp => {
            let (interface, target) = split_source(address);
            attempt!(check_host_port(target));
            match (interface, target) {
                (None, _) => Ok(()),
                (Some(b"*"), [b'[', ..]) => Ok(()),
                (Some(_), [b'[', ..]) => Err(Fault::UdpInterfaceIpv6),
                (Some(_), _) if is_ipv4_group(target) => Ok(()),
                (Some(_), _) => Err(Fault::UdpInterface),
            }
        }
        Scheme::Ws => {
            let (host_port, path) = split_path(address);
            let mut at = 0;
            while at < path.len() {
                if path[at] <= b' ' || path[at] == 0x7f {
                    return Err(Fault::WsPath);
                }
                at += 1;
            }
            check_host_port(host_port)
        }
    }
}

/// Checks what holds only for connecting.
pub(crate) const fn check_connect(scheme: Scheme, address: &[u8]) -> Result<(), Fault> {
    let target = match scheme {
        Scheme::Inproc => return Ok(()),
        Scheme::Ipc => {
            return match address {
                b"*" => Err(Fault::ConnectWildcard),
                _ => Ok(()),
            };
        }
        Scheme::Tcp | Scheme::Udp => split_source(address).1,
        Scheme::Ws => split_path(address).0,
    };
    match find_last(target, b':') {
        Some(colon) => match target.split_at(colon) {
            (b"*", _) | (_, b":*") => Err(Fault::ConnectWildcard),
            (_, port) if is_zero(port.split_at(1).1) => Err(Fault::ConnectPort),
            _ => Ok(()),
        },
        None => Err(Fault::NoPort),
    }
}

/// Checks what holds only for binding.
pub(crate) const fn check_bind(scheme: Scheme, address: &[u8]) -> Result<(), Fault> {
    match scheme {
        Scheme::Tcp if find(address, b';').is_some() => Err(Fault::BindSource),
        _ => Ok(()),
    }
}

const fn check_host_port(text: &[u8]) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::NoHost);
    }
    let Some(colon) = find_last(text, b':') else { return Err(Fault::NoPort) };
    let (host, port) = text.split_at(colon);
    match host {
        [] => return Err(Fault::NoHost),
        b"*" => {}
        [b'[', inside @ .., b']'] => attempt!(check_ipv6(inside)),
        [b'[', ..] => return Err(if find(host, b']').is_some() { Fault::Ipv6 } else { Fault::NoPort }),
        _ if find(host, b':').is_some() => return Err(Fault::Ipv6Brackets),
        _ => attempt!(check_host(host)),
    }
    check_port(port.split_at(1).1)
}

const fn check_port(port: &[u8]) -> Result<(), Fault> {
    match port {
        [] => return Err(Fault::NoPort),
        b"*" => return Ok(()),
        _ => {}
    }
    let mut number = 0u32;
    let mut at = 0;
    while at < port.len() {
        if !port[at].is_ascii_digit() {
            return Err(Fault::Port);
        }
        number = number * 10 + (port[at] - b'0') as u32;
        if number > 65535 {
            return Err(Fault::Port);
        }
        at += 1;
    }
    Ok(())
}

const fn is_zero(port: &[u8]) -> bool {
    let mut at = 0;
    while at < port.len() {
        if port[at] != b'0' {
            return false;
        }
        at += 1;
    }
    true
}

const fn check_host(host: &[u8]) -> Result<(), Fault> {
    // No name is longer; libzmq aborts the process on one that a SOCKS proxy cannot be told.
    if host.len() > 253 {
        return Err(Fault::Host);
    }
    let mut numeric = true;
    let mut at = 0;
    while at < host.len() {
        let byte = host[at];
        if !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'.' | b'_') {
            return Err(Fault::Host);
        }
        numeric = numeric && (byte.is_ascii_digit() || byte == b'.');
        at += 1;
    }
    if numeric { check_ipv4(host) } else { Ok(()) }
}

const fn check_ipv4(host: &[u8]) -> Result<(), Fault> {
    let (mut parts, mut digits, mut number, mut at) = (1, 0, 0u32, 0);
    while at < host.len() {
        if host[at] == b'.' {
            if digits == 0 {
                return Err(Fault::Ipv4);
            }
            parts += 1;
            (digits, number) = (0, 0);
        } else {
            digits += 1;
            number = number * 10 + (host[at] - b'0') as u32;
            if digits > 3 || number > 255 {
                return Err(Fault::Ipv4);
            }
        }
        at += 1;
    }
    if parts == 4 && digits > 0 { Ok(()) } else { Err(Fault::Ipv4) }
}

/// Whether the first number of what stands before the port is that of a multicast group.
const fn is_ipv4_group(host_port: &[u8]) -> bool {
    matches!(host_port, [b'2', b'2', b'4'..=b'9', b'.', ..] | [b'2', b'3', b'0'..=b'9', b'.', ..])
}

/// Rough, but no name or number passes for it; the system has the last word.
const fn check_ipv6(inside: &[u8]) -> Result<(), Fault> {
    let (mut colons, mut at) = (0, 0);
    while at < inside.len() {
        match inside[at] {
            b':' => colons += 1,
            // The zone, as in `fe80::1%eth0`.
            b'%' if at > 0 && at + 1 < inside.len() => break,
            byte if byte.is_ascii_hexdigit() || byte == b'.' => {}
            _ => return Err(Fault::Ipv6),
        }
        at += 1;
    }
    if colons >= 2 && colons <= 8 { Ok(()) } else { Err(Fault::Ipv6) }
}

/// Takes off the part before the `;`, if there is one.
const fn split_source(address: &[u8]) -> (Option<&[u8]>, &[u8]) {
    match find(address, b';') {
        Some(at) => (Some(address.split_at(at).0), address.split_at(at + 1).1),
        None => (None, address),
    }
}

const fn split_path(address: &[u8]) -> (&[u8], &[u8]) {
    match find(address, b'/') {
        Some(at) => address.split_at(at),
        None => (address, &[]),
    }
}

const fn find(text: &[u8], byte: u8) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        if text[at] == byte {
            return Some(at);
        }
        at += 1;
    }
    None
}

const fn find_last(text: &[u8], byte: u8) -> Option<usize> {
    let mut at = text.len();
    while at > 0 {
        at -= 1;
        if text[at] == byte {
            return Some(at);
        }
    }
    None
}

/// Whether a literal begins with a scheme, which its constructor already says.
pub(super) const fn has_scheme(address: &[u8]) -> bool {
    let mut at = 0;
    while at + 3 <= address.len() {
        match address.split_at(at).1 {
            [b':', b'/', b'/', ..] => return true,
            [byte, ..] if byte.is_ascii_alphabetic() => at += 1,
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_endpoints_are_told_what_is_wrong() {
        let long_path = format!("ipc:///{}", "x".repeat(107));
        let long_name = format!("inproc://{}", "x".repeat(257));
        for (endpoint, fault) in [
            ("", Fault::NoScheme),
            ("127.0.0.1:5555", Fault::NoScheme),
            ("://127.0.0.1:5555", Fault::NoScheme),
            ("tcp:127.0.0.1:5555", Fault::NoScheme),
            ("tcp://", Fault::NoAddress),
            ("ipc://", Fault::NoAddress),
            ("inproc://", Fault::NoAddress),
            ("foo://x", Fault::UnknownTransport),
            ("TCP://127.0.0.1:5555", Fault::UnknownTransport),
            ("pgm://eth0;239.0.0.1:5555", Fault::TransportNotBuilt),
            ("wss://127.0.0.1:5555", Fault::TransportNotBuilt),
            ("tcp://127.0.0.1", Fault::NoPort),
            ("tcp://127.0.0.1:", Fault::NoPort),
            ("tcp://127.0.0.1:65536", Fault::Port),
            ("tcp://127.0.0.1:70000", Fault::Port),
            ("tcp://127.0.0.1:99999999999999999999", Fault::Port),
            ("tcp://127.0.0.1:5555abc", Fault::Port),
            ("tcp://127.0.0.1:-1", Fault::Port),
            ("tcp://127.0.0.1: 5555", Fault::Port),
            ("tcp://:5555", Fault::NoHost),
            ("tcp://;127.0.0.1:5555", Fault::NoHost),
            ("tcp://a b:5555", Fault::Host),
            ("tcp://100%:5555", Fault::Host),
            ("tcp://bücher:5555", Fault::Host),
            ("tcp://host/path:5555", Fault::Host),
            ("tcp://127.0.0:5555", Fault::Ipv4),
            ("tcp://127.0.0.256:5555", Fault::Ipv4),
            ("tcp://1.2.3.4.5:5555", Fault::Ipv4),
            ("tcp://1..2.3:5555", Fault::Ipv4),
            ("tcp://::1:5555", Fault::Ipv6Brackets),
            ("tcp://[::1]", Fault::NoPort),
            ("tcp://[::g]:5555", Fault::Ipv6),
            ("tcp://[]:5555", Fault::Ipv6),
            ("tcp://[127.0.0.1]:5555", Fault::Ipv6),
            ("tcp://127.0.0.1:5555\0", Fault::Nul),
            ("ipc:///tmp/a\0b", Fault::Nul),
            ("ipc://@", Fault::IpcAbstractName),
            (&long_path, Fault::IpcTooLong),
            (&long_name, Fault::InprocTooLong),
            ("udp://eth0;192.0.2.1:5555", Fault::UdpInterface),
            ("udp://eth0;223.255.255.255:5555", Fault::UdpInterface),
            ("udp://eth0;240.0.0.1:5555", Fault::UdpInterface),
            ("udp://127.0.0.1;host:5555", Fault::UdpInterface),
            ("udp://eth0;[ff02::1]:5555", Fault::UdpInterfaceIpv6),
            ("inproc://zeromq.zap.01", Fault::InprocReserved),
            ("udp://239.0.0.1", Fault::NoPort),
            ("ws://127.0.0.1", Fault::NoPort),
            ("ws://127.0.0.1:80/a b", Fault::WsPath),
            ("ws:///path", Fault::NoHost),
        ] {
            assert_eq!(parse(endpoint), Err(fault), "{endpoint:?}");
        }
    }

    #[test]
    fn right_endpoints_pass() {
        for endpoint in [
            "tcp://127.0.0.1:5555",
            "tcp://127.0.0.1:0",
            "tcp://127.0.0.1:00080",
            "tcp://127.0.0.1:65535",
            "tcp://*:*",
            "tcp://localhost:5555",
            "tcp://my_host-1.example.org:5555",
            "tcp://[::1]:5555",
            "tcp://[fe80::1%eth0]:5555",
            "tcp://[::ffff:127.0.0.1]:*",
            "tcp://127.0.0.1:0;127.0.0.1:5555",
            "ipc:///tmp/socket",
            "ipc://relative",
            "ipc://@abstract",
            "ipc://*",
            "inproc://a name of any kind",
            "udp://239.0.0.1:5555",
            "udp://eth0;239.0.0.1:5555",
            "ws://127.0.0.1:8080",
            "ws://*:*/path",
        ] {
            assert!(parse(endpoint).is_ok(), "{endpoint}: {:?}", parse(endpoint));
        }
    }

    #[test]
    fn some_are_only_for_binding_or_only_for_connecting() {
        let connect = |endpoint| parse(endpoint).map(|(scheme, address)| check_connect(scheme, address.as_bytes()));
        let bind = |endpoint| parse(endpoint).map(|(scheme, address)| check_bind(scheme, address.as_bytes()));
        for endpoint in ["tcp://*:5555", "tcp://127.0.0.1:*", "ipc://*", "ws://*:80/x", "ws://127.0.0.1:*/x"] {
            assert_eq!(connect(endpoint), Ok(Err(Fault::ConnectWildcard)), "{endpoint}");
            assert_eq!(bind(endpoint), Ok(Ok(())), "{endpoint}");
        }
        assert_eq!(connect("tcp://127.0.0.1:0"), Ok(Err(Fault::ConnectPort)));
        assert_eq!(connect("tcp://127.0.0.1:000"), Ok(Err(Fault::ConnectPort)));
        assert_eq!(connect("tcp://127.0.0.1:0;127.0.0.1:5555"), Ok(Ok(())));
        assert_eq!(bind("tcp://127.0.0.1:0;127.0.0.1:5555"), Ok(Err(Fault::BindSource)));
        assert_eq!(connect("tcp://127.0.0.1:5000"), Ok(Ok(())));
    }
}
