use std::ffi::CStr;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ptr;
#[cfg(target_os = "linux")]
use std::{net::UdpSocket, os::fd::AsRawFd};

/// The first address of a network interface, of one family. libzmq looks interfaces up only if it was built to, and then
/// aborts the process when there are no descriptors left.
pub(crate) fn interface_address(interface: &str, ipv6: bool) -> Option<IpAddr> {
    let mut first = ptr::null_mut();
    // SAFETY: the pointer is writable.
    if unsafe { libc::getifaddrs(&mut first) } != 0 {
        return None;
    }
    let mut next = first;
    let mut found = None;
    // SAFETY: the list is as getifaddrs has made it, until it is freed: names are NUL-terminated, addresses are of the family
    // that they say, and may be missing.
    while let (None, Some(entry)) = (found, unsafe { next.as_ref() }) {
        // SAFETY: as above.
        let name = unsafe { CStr::from_ptr(entry.ifa_name) };
        if name.to_bytes() == interface.as_bytes() && !entry.ifa_addr.is_null() {
            // SAFETY: as above.
            found = unsafe {
                match i32::from((*entry.ifa_addr).sa_family) {
                    libc::AF_INET if !ipv6 => {
                        let address = entry.ifa_addr.cast::<libc::sockaddr_in>().read_unaligned();
                        Some(IpAddr::V4(Ipv4Addr::from_bits(u32::from_be(address.sin_addr.s_addr))))
                    }
                    libc::AF_INET6 if ipv6 => {
                        let address = entry.ifa_addr.cast::<libc::sockaddr_in6>().read_unaligned();
                        Some(IpAddr::V6(Ipv6Addr::from(address.sin6_addr.s6_addr)))
                    }
                    _ => None,
                }
            };
        }
        next = entry.ifa_next;
    }
    // SAFETY: the list is that of getifaddrs, and nothing of it is used afterwards.
    unsafe { libc::freeifaddrs(first) };
    found
}

/// Whether sockets can be bound to a network interface, tried on one of ours.
#[cfg(target_os = "linux")]
pub(crate) fn try_device(interface: &str) -> io::Result<()> {
    if interface.is_empty() {
        // It would undo the binding.
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    // SAFETY: the descriptor is open, the name readable for its length.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_BINDTODEVICE,
            interface.as_ptr().cast(),
            interface.len() as libc::socklen_t,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn try_device(_: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
