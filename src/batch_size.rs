//! How much is read from a connection at once, and written to it, where nobody has said: libzmq reads the two options at each
//! bind and connect. One that does not know them has 8 KiB for both, which is a system call for every few messages.

use std::ffi::c_int;
use std::net::IpAddr;

use crate::core::Core;
use crate::endpoint::Scheme;
use crate::raw::{self, Value};

const IN_BATCH_SIZE: c_int = 101;
const OUT_BATCH_SIZE: c_int = 102;

const KIB: c_int = 1 << 10;

impl Core {
    /// For the connections of an endpoint.
    pub(crate) fn batch_sizes(&self, scheme: Scheme, address: &str) -> BatchSizes {
        // What the system has not taken at once of the last batch is lost when a socket closes (`tests/faults.rs`). Once it says
        // that there is room, at least a third of its buffer is free: within the machine that is about a megabyte of tcp, and
        // 150 KiB of ipc. On a network it begins with a few KiB.
        let (incoming, outgoing) = match scheme {
            Scheme::Ipc => (256 * KIB, 64 * KIB),
            Scheme::Tcp | Scheme::Ws if is_loopback(address) && !self.has_set(zmq_sys::ZMQ_SOCKS_PROXY) => {
                (256 * KIB, 256 * KIB)
            }
            _ => (64 * KIB, 8 * KIB),
        };
        let outgoing = if self.has_set(zmq_sys::ZMQ_SNDBUF) { 8 * KIB } else { outgoing };
        let unsaid = |option, bytes| (!self.has_set(option as u32)).then_some((option, Value::Int(bytes)));
        BatchSizes([unsaid(IN_BATCH_SIZE, incoming), unsaid(OUT_BATCH_SIZE, outgoing)])
    }
}

/// Options with their values; none for one that was set.
pub(crate) struct BatchSizes([Option<(c_int, Value)>; 2]);

impl BatchSizes {
    pub(crate) fn set(&self, socket: &mut raw::Socket) {
        for (option, bytes) in self.0.iter().flatten() {
            // A libzmq that does not know it has its own.
            let _ = socket.set(*option, bytes);
        }
    }
}

/// Of tcp, `[source;]host:port`; of ws, `host:port[/path]`.
fn is_loopback(address: &str) -> bool {
    let target = address.rsplit(';').next().unwrap_or_default();
    let target = target.split('/').next().unwrap_or_default();
    let host = target.rsplit_once(':').map_or(target, |(host, _)| host).trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn who_is_on_this_machine_is_seen() {
        for here in [
            "127.0.0.1:5555",
            "127.1.2.3:*",
            "localhost:1",
            "[::1]:5555",
            "127.0.0.1:80/path",
            "10.0.0.1:0;127.0.0.1:1",
        ] {
            assert!(is_loopback(here), "{here}");
        }
        for elsewhere in
            ["0.0.0.0:5555", "*:5555", "10.0.0.1:1", "[::]:1", "example.org:1/localhost", "127.0.0.1:0;10.0.0.1:1"]
        {
            assert!(!is_loopback(elsewhere), "{elsewhere}");
        }
    }
}
