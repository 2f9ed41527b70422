//! Where sockets meet: endpoints as text, typed by transport, or typed by who listens.

mod parse;

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::net::IpAddr;
use std::str::FromStr;

use parse::Fault;

/// TCP: `tcp://host:port`. See [zmq_tcp(7)](https://libzmq.readthedocs.io/en/latest/zmq_tcp.html).
#[derive(Debug, Clone, Copy)]
pub struct Tcp;

/// Processes of one machine: `ipc://path`. See [zmq_ipc(7)](https://libzmq.readthedocs.io/en/latest/zmq_ipc.html).
#[derive(Debug, Clone, Copy)]
pub struct Ipc;

/// Threads of one context: `inproc://name`.
/// See [zmq_inproc(7)](https://libzmq.readthedocs.io/en/latest/zmq_inproc.html).
#[derive(Debug, Clone, Copy)]
pub struct Inproc;

/// Datagrams: `udp://host:port`, for draft socket types only.
/// See [zmq_udp(7)](https://libzmq.readthedocs.io/en/latest/zmq_udp.html).
#[derive(Debug, Clone, Copy)]
pub struct Udp;

/// WebSocket: `ws://host:port/path`.
#[derive(Debug, Clone, Copy)]
pub struct Ws;

/// The transport of an endpoint that is only known at run time: of a string, or an [`Address`].
#[derive(Debug, Clone, Copy)]
pub struct AnyTransport;

/// The listener of an endpoint that does not say who listens there.
#[derive(Debug, Clone, Copy)]
pub struct Untyped;

/// A transport of ZeroMQ, as a type: [`Tcp`], [`Ipc`], [`Inproc`], [`Udp`] or [`Ws`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transport",
    note = "the transports are Tcp, Ipc, Inproc, Udp and Ws"
)]
pub trait Transport: sealed::Transport {}

impl Transport for Tcp {}
impl Transport for Ipc {}
impl Transport for Inproc {}
impl Transport for Udp {}
impl Transport for Ws {}

mod sealed {
    use super::{Inproc, Ipc, Scheme, Tcp, Udp, Ws};

    #[diagnostic::on_unimplemented(
        message = "the transports are fixed: `{Self}` cannot become one",
        note = "use Tcp, Ipc, Inproc, Udp or Ws"
    )]
    pub trait Transport {
        #[doc(hidden)]
        #[allow(private_interfaces, reason = "sealed: only this crate reads or implements it")]
        const SCHEME: Scheme;
    }

    macro_rules! transports {
        ($($P:ident)*) => { $(
            #[allow(private_interfaces, reason = "sealed")]
            impl Transport for $P {
                const SCHEME: Scheme = Scheme::$P;
            }
        )* };
    }
    transports!(Tcp Ipc Inproc Udp Ws);

    #[diagnostic::on_unimplemented(message = "`{Self}` cannot become an endpoint")]
    pub trait Target {}
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Scheme {
    Tcp,
    Ipc,
    Inproc,
    Udp,
    Ws,
}

impl Scheme {
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Scheme::Tcp => "tcp://",
            Scheme::Ipc => "ipc://",
            Scheme::Inproc => "inproc://",
            Scheme::Udp => "udp://",
            Scheme::Ws => "ws://",
        }
    }
}

/// What is wrong with the text of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("endpoint \"{}\": {}", .endpoint.escape_debug(), .fault.text())]
pub struct EndpointError {
    endpoint: String,
    fault: Fault,
}

impl EndpointError {
    /// The endpoint, as it was given.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

/// Checks a literal; the panic is a compile error where the literal stands in a `const`.
#[track_caller]
const fn checked(scheme: Scheme, address: &'static str) -> &'static str {
    let bytes = address.as_bytes();
    if parse::has_scheme(bytes) {
        panic!("{}", Fault::SchemeInside.text());
    }
    match parse::check(scheme, bytes) {
        Ok(()) => address,
        Err(fault) => panic!("{}", fault.text()),
    }
}

/// An endpoint of transport `P`.
///
/// A literal in a `const` is checked by the compiler: `Endpoint::tcp("127.0.0.1:99999")` does not compile there, nor does
/// `tcp!("127.0.0.1:99999")` anywhere. Text of the run time is parsed: `text.parse::<Endpoint<Tcp>>()`.
///
/// ```
/// use zmq_typestate::{Context, Endpoint, Pull, Tcp, tcp};
///
/// const JOBS: Endpoint<Tcp> = Endpoint::tcp("127.0.0.1:*");
///
/// # fn main() -> zmq_typestate::Result<()> {
/// let jobs = Context::new()?.socket::<Pull>()?.bind(JOBS)?;
/// # drop(jobs);
/// assert_eq!(tcp!("localhost:5555").to_string(), "tcp://localhost:5555");
/// assert!("tcp://localhost".parse::<Endpoint<Tcp>>().is_err());
/// # Ok(())
/// # }
/// ```
pub struct Endpoint<P> {
    address: Cow<'static, str>,
    transport: PhantomData<fn() -> P>,
}

/// An endpoint at which a socket of type `L` listens.
///
/// A bound socket has one ([`address`](crate::Socket::address)), and a program can have constants of it. Only an `L` binds
/// it, and only a socket that can talk to an `L` connects to it; the compiler checks both. A file of such constants, shared
/// by two programs, checks both ends of every wire.
///
/// ```
/// use zmq_typestate::{Address, Context, Pull, Push};
///
/// mod topology {
///     use zmq_typestate::{Address, Pull};
///     pub const JOBS: Address<Pull> = Address::inproc("jobs");
/// }
///
/// # fn main() -> zmq_typestate::Result<()> {
/// let context = Context::new()?;
/// let jobs = context.socket::<Pull>()?.bind(topology::JOBS)?;
/// let feed = context.socket::<Push>()?.connect(topology::JOBS)?; // a PUB could not
/// # drop((jobs, feed));
/// # Ok(())
/// # }
/// ```
pub struct Address<L> {
    scheme: Scheme,
    address: Cow<'static, str>,
    /// Where the name is good, if that is known: the number of the context's table of inproc names.
    context: Option<u64>,
    listener: PhantomData<fn() -> L>,
}

/// The constructors of both, one a transport.
macro_rules! constructors {
    ($($scheme:ident $name:ident $example:literal;)*) => {
        $(
            impl Endpoint<$scheme> {
                #[doc = concat!("A literal, without the scheme: `", $example, "`.")]
                ///
                /// # Panics
                /// If the literal is wrong: in a `const` that is a compile error.
                #[must_use]
                #[track_caller]
                pub const fn $name(address: &'static str) -> Self {
                    Self { address: Cow::Borrowed(checked(Scheme::$scheme, address)), transport: PhantomData }
                }
            }
        )*

        impl<L> Address<L> {
            $(
                #[doc = concat!("A literal, without the scheme: `", $example, "`.")]
                ///
                /// # Panics
                /// If the literal is wrong: in a `const` that is a compile error.
                #[must_use]
                #[track_caller]
                pub const fn $name(address: &'static str) -> Self {
                    let address = checked(Scheme::$scheme, address);
                    // It is for both ends: nobody could connect to a wildcard.
                    if let Err(fault) = parse::check_connect(Scheme::$scheme, address.as_bytes()) {
                        panic!("{}", fault.text());
                    }
                    Self { scheme: Scheme::$scheme, address: Cow::Borrowed(address), context: None, listener: PhantomData }
                }
            )*
        }
    };
}

constructors! {
    Tcp tcp "127.0.0.1:5555";
    Ipc ipc "/run/jobs.sock";
    Inproc inproc "jobs";
    Udp udp "239.0.0.1:5555";
    Ws ws "127.0.0.1:8080/jobs";
}

/// A `tcp://` [`Endpoint`] from a literal (without the scheme), checked by the compiler: `tcp!("127.0.0.1:5555")`.
#[macro_export]
macro_rules! tcp {
    ($address:expr) => {{
        const ENDPOINT: $crate::Endpoint<$crate::Tcp> = $crate::Endpoint::tcp($address);
        ENDPOINT
    }};
}

/// An `ipc://` [`Endpoint`] from a literal (without the scheme), checked by the compiler: `ipc!("/run/jobs.sock")`.
#[macro_export]
macro_rules! ipc {
    ($address:expr) => {{
        const ENDPOINT: $crate::Endpoint<$crate::Ipc> = $crate::Endpoint::ipc($address);
        ENDPOINT
    }};
}

/// An `inproc://` [`Endpoint`] from a literal (without the scheme), checked by the compiler: `inproc!("jobs")`.
#[macro_export]
macro_rules! inproc {
    ($address:expr) => {{
        const ENDPOINT: $crate::Endpoint<$crate::Inproc> = $crate::Endpoint::inproc($address);
        ENDPOINT
    }};
}

/// A `udp://` [`Endpoint`] from a literal (without the scheme), checked by the compiler: `udp!("239.0.0.1:5555")`.
#[macro_export]
macro_rules! udp {
    ($address:expr) => {{
        const ENDPOINT: $crate::Endpoint<$crate::Udp> = $crate::Endpoint::udp($address);
        ENDPOINT
    }};
}

/// A `ws://` [`Endpoint`] from a literal (without the scheme), checked by the compiler: `ws!("127.0.0.1:8080/jobs")`.
#[macro_export]
macro_rules! ws {
    ($address:expr) => {{
        const ENDPOINT: $crate::Endpoint<$crate::Ws> = $crate::Endpoint::ws($address);
        ENDPOINT
    }};
}

fn parse(text: &str) -> Result<(Scheme, &str), EndpointError> {
    parse::parse(text).map_err(|fault| EndpointError { endpoint: text.into(), fault })
}

impl<P: Transport> FromStr for Endpoint<P> {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        match parse(text)? {
            (scheme, address) if scheme == P::SCHEME => {
                Ok(Self { address: Cow::Owned(address.into()), transport: PhantomData })
            }
            _ => Err(EndpointError { endpoint: text.into(), fault: Fault::OtherTransport }),
        }
    }
}

impl<L> FromStr for Address<L> {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let (scheme, address) = parse(text)?;
        Ok(Self { scheme, address: Cow::Owned(address.into()), context: None, listener: PhantomData })
    }
}

impl<L> Address<L> {
    /// What libzmq reported of an endpoint that was bound in this context.
    pub(crate) fn resolved(scheme: Scheme, address: String, context: u64) -> Self {
        let context = (scheme == Scheme::Inproc).then_some(context);
        Self { scheme, address: Cow::Owned(address), context, listener: PhantomData }
    }

    /// The port, of an address that has a numeric one.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        match self.scheme {
            Scheme::Ipc | Scheme::Inproc => None,
            Scheme::Tcp | Scheme::Udp => self.address.rsplit_once(':')?.1.parse().ok(),
            Scheme::Ws => self.address.split('/').next()?.rsplit_once(':')?.1.parse().ok(),
        }
    }
}

impl<P: Transport> fmt::Display for Endpoint<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", P::SCHEME.prefix(), self.address)
    }
}

impl<L> fmt::Display for Address<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.scheme.prefix(), self.address)
    }
}

impl<P: Transport> fmt::Debug for Endpoint<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

impl<L> fmt::Debug for Address<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

// By hand, because derived ones would ask the same of `P` and `L`, which are only names.

impl<P> Clone for Endpoint<P> {
    fn clone(&self) -> Self {
        Self { address: self.address.clone(), transport: PhantomData }
    }
}

impl<L> Clone for Address<L> {
    fn clone(&self) -> Self {
        Self { scheme: self.scheme, address: self.address.clone(), context: self.context, listener: PhantomData }
    }
}

impl<P> PartialEq for Endpoint<P> {
    fn eq(&self, other: &Self) -> bool {
        self.address == other.address
    }
}

impl<L> PartialEq for Address<L> {
    fn eq(&self, other: &Self) -> bool {
        (self.scheme, &self.address) == (other.scheme, &other.address)
    }
}

impl<P> Eq for Endpoint<P> {}
impl<L> Eq for Address<L> {}

impl<P> Hash for Endpoint<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.address.hash(state);
    }
}

impl<L> Hash for Address<L> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.scheme, &self.address).hash(state);
    }
}

/// What `bind` and `connect` take: text, an [`Endpoint`] or an [`Address`], by value or by reference.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an endpoint",
    note = "an endpoint is text like \"tcp://127.0.0.1:5555\", an `Endpoint` like `tcp!(\"127.0.0.1:5555\")`, \
            or an `Address` like that of a bound socket: `bound.address()`"
)]
pub trait Target: sealed::Target {
    /// The type of socket that listens there, or [`Untyped`].
    type Listener;

    /// The transport, or [`AnyTransport`].
    type Transport;

    #[doc(hidden)]
    fn into_endpoint(self) -> Result<Parsed, EndpointError>;
}

/// An endpoint whose text is right.
#[doc(hidden)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    pub(crate) scheme: Scheme,
    /// With the scheme.
    pub(crate) text: String,
    /// The context of an inproc name that is good for one.
    pub(crate) context: Option<u64>,
}

impl Parsed {
    /// The part after the scheme.
    pub(crate) fn address(&self) -> &str {
        self.text.strip_prefix(self.scheme.prefix()).unwrap_or(&self.text)
    }

    /// Whether libzmq must be told to allow IPv6: else it fails to bind, and connects to nobody in silence.
    pub(crate) fn needs_ipv6(&self) -> bool {
        matches!(self.scheme, Scheme::Tcp | Scheme::Udp | Scheme::Ws) && self.address().contains('[')
    }

    /// Puts the address of a network interface in the place of its name, where one may stand: where this machine binds.
    pub(crate) fn resolve_interfaces(&mut self, binds: bool, address_of: impl Fn(&str) -> Option<IpAddr>) {
        let address = self.address();
        let (source, target) = match self.scheme {
            Scheme::Tcp | Scheme::Udp => match address.split_once(';') {
                Some((source, target)) => (Some(source), target),
                None => (None, address),
            },
            Scheme::Ws => (None, address),
            Scheme::Ipc | Scheme::Inproc => return,
        };
        let resolve = |part: &str| {
            // An IPv6 address has colons, but begins with a bracket, which is no interface's name.
            let (host, rest) = part.split_at(part.find(':').unwrap_or(part.len()));
            let is_name = host != "*" && !host.starts_with('[') && host.parse::<IpAddr>().is_err();
            match is_name.then(|| address_of(host)).flatten() {
                Some(IpAddr::V6(address)) => format!("[{address}]{rest}"),
                Some(address) => format!("{address}{rest}"),
                None => part.to_owned(),
            }
        };
        let source = source.map_or_else(String::new, |source| format!("{};", resolve(source)));
        let target = if binds { resolve(target) } else { target.to_owned() };
        self.text = format!("{}{source}{target}", self.scheme.prefix());
    }

    pub(crate) fn for_bind(&self) -> Result<(), EndpointError> {
        self.told(parse::check_bind(self.scheme, self.address().as_bytes()))
    }

    pub(crate) fn for_connect(&self) -> Result<(), EndpointError> {
        self.told(parse::check_connect(self.scheme, self.address().as_bytes()))
    }

    fn told(&self, checked: Result<(), Fault>) -> Result<(), EndpointError> {
        checked.map_err(|fault| EndpointError { endpoint: self.text.clone(), fault })
    }
}

impl sealed::Target for &str {}
impl Target for &str {
    type Listener = Untyped;
    type Transport = AnyTransport;

    fn into_endpoint(self) -> Result<Parsed, EndpointError> {
        let (scheme, _) = parse(self)?;
        Ok(Parsed { scheme, text: self.into(), context: None })
    }
}

impl sealed::Target for String {}
impl Target for String {
    type Listener = Untyped;
    type Transport = AnyTransport;

    fn into_endpoint(self) -> Result<Parsed, EndpointError> {
        let (scheme, _) = parse(&self)?;
        Ok(Parsed { scheme, text: self, context: None })
    }
}

impl sealed::Target for &String {}
impl Target for &String {
    type Listener = Untyped;
    type Transport = AnyTransport;

    fn into_endpoint(self) -> Result<Parsed, EndpointError> {
        self.as_str().into_endpoint()
    }
}

impl<P: Transport> sealed::Target for &Endpoint<P> {}
impl<P: Transport> Target for &Endpoint<P> {
    type Listener = Untyped;
    type Transport = P;

    fn into_endpoint(self) -> Result<Parsed, EndpointError> {
        Ok(Parsed { scheme: P::SCHEME, text: self.to_string(), context: None })
    }
}

impl<P: Transport> sealed::Target for Endpoint<P> {}
impl<P: Transport> Target for Endpoint<P> {
    type Listener = Untyped;
    type Transport = P;

    fn into_endpoint(self) -> Result<Parsed, EndpointError> {
        (&self).into_endpoint()
    }
}

impl<L> sealed::Target for &Address<L> {}
impl<L> Target for &Address<L> {
    type Listener = L;
    type Transport = AnyTransport;

    fn into_endpoint(self) -> Result<Parsed, EndpointError> {
        Ok(Parsed { scheme: self.scheme, text: self.to_string(), context: self.context })
    }
}

impl<L> sealed::Target for Address<L> {}
impl<L> Target for Address<L> {
    type Listener = L;
    type Transport = AnyTransport;

    fn into_endpoint(self) -> Result<Parsed, EndpointError> {
        (&self).into_endpoint()
    }
}
