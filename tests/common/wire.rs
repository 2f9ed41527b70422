//! A stranger that speaks ZMTP byte by byte, over tcp, ipc or ws, as well or as badly as a test asks for.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::Duration;

use socket2::SockRef;

/// Bits of the first byte of a frame.
pub const MORE: u8 = 1;
pub const LONG: u8 = 2;
pub const COMMAND: u8 = 4;

/// A stranger who waits longer than this for bytes has nothing to hope for any more.
const PATIENCE: Duration = Duration::from_secs(super::DEADLINE.as_secs() / 3);

enum Line {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// One connection to a bound socket.
pub struct Stranger {
    line: Line,
    pub websocket: bool,
}

impl Stranger {
    /// To `tcp://..`, `ws://..` or `ipc://@..`; nothing is said yet.
    pub fn connect(endpoint: &str) -> io::Result<Self> {
        let (scheme, address) = endpoint.split_once("://").unwrap();
        let line = match scheme {
            "tcp" => Line::Tcp(TcpStream::connect(address)?),
            "ws" => Line::Tcp(TcpStream::connect(address.split('/').next().unwrap())?),
            "ipc" => Line::Unix(match address.strip_prefix('@') {
                Some(name) => UnixStream::connect_addr(&SocketAddr::from_abstract_name(name)?)?,
                None => UnixStream::connect(address)?,
            }),
            other => panic!("{other}"),
        };
        let stranger = Self { line, websocket: scheme == "ws" };
        stranger.patience(PATIENCE)?;
        Ok(stranger)
    }

    /// One that was called.
    pub fn accepted(line: TcpStream) -> Self {
        Self { line: Line::Tcp(line), websocket: false }
    }

    /// How long a read or a write may take.
    pub fn patience(&self, limit: Duration) -> io::Result<()> {
        let socket = self.socket();
        socket.set_read_timeout(Some(limit))?;
        socket.set_write_timeout(Some(limit))
    }

    pub fn socket(&self) -> SockRef<'_> {
        match &self.line {
            Line::Tcp(stream) => SockRef::from(stream),
            Line::Unix(stream) => SockRef::from(stream),
        }
    }

    /// Completes a handshake of ZMTP 3.1 without security, as a socket of this type, and with these properties.
    pub fn shake_hands(&mut self, socket_type: &str, properties: &[(&str, &[u8])]) -> io::Result<()> {
        if self.websocket {
            self.upgrade("ZWS2.0/NULL")?;
        } else {
            self.write_all(&greeting(3, 1))?;
            self.read_exact(&mut [0; 64])?;
        }
        let properties = [&[("Socket-Type", socket_type.as_bytes())], properties].concat();
        self.frame(COMMAND, &ready(&properties))?;
        let (_, body) = self.read_frame()?;
        match body.starts_with(b"\x05READY") {
            true => Ok(()),
            false => Err(io::Error::other(format!("{}", body.escape_ascii()))),
        }
    }

    /// Turns HTTP into WebSocket.
    pub fn upgrade(&mut self, protocol: &str) -> io::Result<()> {
        self.write_all(upgrade(protocol).as_bytes())?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.read_exact(&mut byte)?;
            answer.push(byte[0]);
        }
        Ok(())
    }

    /// Sends one frame, well made.
    pub fn frame(&mut self, flags: u8, body: &[u8]) -> io::Result<()> {
        let bytes = frame(self.websocket, flags, body);
        self.write_all(&bytes)
    }

    /// The flags and the body of the next frame.
    pub fn read_frame(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        self.read_exact(&mut head)?;
        let mut flags = head[0];
        let mut size = usize::from(head[1]);
        if self.websocket {
            let long = match size {
                126 => 2,
                127 => 8,
                _ => 0,
            };
            let mut bytes = [0; 8];
            self.read_exact(&mut bytes[8 - long..])?;
            if long > 0 {
                size = u64::from_be_bytes(bytes) as usize;
            }
            if flags == 0x82 {
                self.read_exact(&mut head[..1])?;
                flags = head[0];
                size -= 1;
            }
        } else if flags & LONG != 0 {
            let mut bytes = [0; 8];
            bytes[0] = head[1];
            self.read_exact(&mut bytes[1..])?;
            size = u64::from_be_bytes(bytes) as usize;
        }
        let mut body = vec![0; size];
        self.read_exact(&mut body)?;
        Ok((flags, body))
    }

    /// Ends the connection without a farewell: what has not been read at the other end is gone, and it learns of an error.
    pub fn reset(self) {
        // A local socket has no such thing.
        let _ = self.socket().set_linger(Some(Duration::ZERO));
    }

    /// Says that it has said all.
    pub fn finish(&self) {
        let _ = self.socket().shutdown(Shutdown::Write);
    }
}

impl Read for Stranger {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.line {
            Line::Tcp(stream) => stream.read(buffer),
            Line::Unix(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stranger {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.line {
            Line::Tcp(stream) => stream.write(bytes),
            Line::Unix(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The first 64 bytes of a peer without security.
pub fn greeting(major: u8, minor: u8) -> Vec<u8> {
    let mut bytes = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, major, minor];
    bytes.extend(b"NULL");
    bytes.resize(64, 0);
    bytes
}

/// The command that ends a handshake without security.
pub fn ready(properties: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = b"\x05READY".to_vec();
    for (name, value) in properties {
        bytes.push(name.len() as u8);
        bytes.extend(name.as_bytes());
        bytes.extend((value.len() as u32).to_be_bytes());
        bytes.extend(*value);
    }
    bytes
}

/// The request that turns HTTP into WebSocket.
pub fn upgrade(protocol: &str) -> String {
    format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {protocol}\r\n\
         Sec-WebSocket-Version: 13\r\n\r\n"
    )
}

/// One frame, as ZMTP has it over tcp and ipc, or over WebSocket.
pub fn frame(websocket: bool, flags: u8, body: &[u8]) -> Vec<u8> {
    if websocket {
        return websocket_frame(0x82, &[&[flags & !LONG], body].concat());
    }
    let mut bytes = Vec::with_capacity(9 + body.len());
    match u8::try_from(body.len()) {
        Ok(size) if flags & LONG == 0 => bytes.extend([flags, size]),
        _ => {
            bytes.push(flags | LONG);
            bytes.extend((body.len() as u64).to_be_bytes());
        }
    }
    bytes.extend(body);
    bytes
}

/// A masked frame of WebSocket.
pub fn websocket_frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];
    let mut bytes = vec![opcode];
    match payload.len() {
        size @ ..126 => bytes.push(0x80 | size as u8),
        size @ ..0x10000 => {
            bytes.push(0x80 | 126);
            bytes.extend((size as u16).to_be_bytes());
        }
        size => {
            bytes.push(0x80 | 127);
            bytes.extend((size as u64).to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// One frame of ZMTP 1.0.
pub fn old_frame(flags: u8, body: &[u8]) -> Vec<u8> {
    let size = body.len() + 1;
    let mut bytes = match u8::try_from(size) {
        Ok(size) if size < 255 => vec![size],
        _ => [&[255][..], &(size as u64).to_be_bytes()].concat(),
    };
    bytes.push(flags);
    bytes.extend(body);
    bytes
}
