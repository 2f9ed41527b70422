//! How a socket is attached, and secured: the second parameter of [`Socket`](crate::Socket).

use std::marker::PhantomData;

#[cfg(feature = "curve")]
use crate::security::Curve;
use crate::security::{Open, Plain, SecurityRole};

/// Made, not attached to anything yet: options and the [security role](SecurityRole) are set here, then it binds or connects.
#[derive(Debug, Clone, Copy)]
pub struct Idle<S = Open>(PhantomData<fn() -> S>);

/// First attached by `bind`: it waits for peers, and has an [`address`](crate::Socket::address).
#[derive(Debug, Clone, Copy)]
pub struct Bound<S = Open>(PhantomData<fn() -> S>);

/// First attached by `connect`: it goes to its peers, and back to them when a connection is lost.
#[derive(Debug, Clone, Copy)]
pub struct Connected<S = Open>(PhantomData<fn() -> S>);

/// Attached one way or the other, as a configuration said: what [`either`](crate::Socket::either) makes.
#[derive(Debug, Clone, Copy)]
pub struct Either<S = Open>(PhantomData<fn() -> S>);

/// A mode of a socket: [`Idle`], [`Bound`], [`Connected`] or [`Either`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a mode of a socket",
    note = "the modes are `Idle`, `Bound`, `Connected` and `Either`"
)]
pub trait Mode: sealed::Mode {
    /// How it is secured: [`Open`] for a mode that does not say.
    type Role: SecurityRole;
}

/// A mode in which messages can travel: every one but [`Idle`].
#[diagnostic::on_unimplemented(message = "`{Self}` is not known to be attached", note = "bound it by `Attached`")]
pub trait Attached<W = ()>: Mode {}

impl<S: SecurityRole> Mode for Idle<S> {
    type Role = S;
}
impl<S: SecurityRole> Mode for Bound<S> {
    type Role = S;
}
impl<S: SecurityRole> Mode for Connected<S> {
    type Role = S;
}
impl<S: SecurityRole> Mode for Either<S> {
    type Role = S;
}

impl<S: SecurityRole> Attached for Bound<S> {}
impl<S: SecurityRole> Attached for Connected<S> {}
impl<S: SecurityRole> Attached for Either<S> {}
// `W` keeps a bound that is never true from being an error in itself.
impl<S: SecurityRole, W: why::NotAttached> Attached<W> for Idle<S> {}

/// A mode with the role [`Plain`] or `Curve`: for code that takes no socket without. Its peers have the same role; whom a server
/// lets in is said by its domain, and with `allow_any_client` that is anybody who knows its key.
///
/// ```
/// use zmq_typestate::{Attached, Pull, Result, Secured, Socket};
///
/// async fn next_order<M: Attached + Secured>(orders: &mut Socket<Pull, M>) -> Result<zmq_typestate::Message> {
///     orders.recv().await // a Socket<Pull, Bound>, which was left open, does not get here
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "this socket is open: anybody can be its peer, and what it sends can be read on the way",
    label = "has no security role",
    note = "give it one before it binds or connects: `curve_server`, `curve_client`, `plain_server` or `plain_client`"
)]
pub trait Secured: Mode {}

#[diagnostic::do_not_recommend]
impl Secured for Idle<Plain> {}
#[diagnostic::do_not_recommend]
impl Secured for Bound<Plain> {}
#[diagnostic::do_not_recommend]
impl Secured for Connected<Plain> {}
#[diagnostic::do_not_recommend]
impl Secured for Either<Plain> {}

#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl Secured for Idle<Curve> {}
#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl Secured for Bound<Curve> {}
#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl Secured for Connected<Curve> {}
#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl Secured for Either<Curve> {}

/// A mode in which nobody but the peer can read what is sent: with [`Curve`]. PLAIN is [`Secured`], but readable.
#[cfg(feature = "curve")]
#[diagnostic::on_unimplemented(
    message = "this socket does not encrypt: what it sends can be read on the way",
    label = "is not encrypted",
    note = "give it a role before it binds or connects: `curve_server` or `curve_client`"
)]
pub trait Encrypted: Secured {}

#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl Encrypted for Idle<Curve> {}
#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl Encrypted for Bound<Curve> {}
#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl Encrypted for Connected<Curve> {}
#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl Encrypted for Either<Curve> {}

mod sealed {
    use super::{Bound, Connected, Either, Idle, SecurityRole};

    #[diagnostic::on_unimplemented(
        message = "the modes of a socket are fixed: `{Self}` cannot become one",
        note = "use `Idle`, `Bound`, `Connected` or `Either`"
    )]
    pub trait Mode {}
    impl<S: SecurityRole> Mode for Idle<S> {}
    impl<S: SecurityRole> Mode for Bound<S> {}
    impl<S: SecurityRole> Mode for Connected<S> {}
    impl<S: SecurityRole> Mode for Either<S> {}
}
#[doc(hidden)]
pub mod why {
    #[diagnostic::on_unimplemented(
        message = "this socket is not attached to anything: it has nobody to send to or receive from",
        label = "needs `.bind(..)` or `.connect(..)` first",
        note = "a send here would wait for ever or be dropped in silence, depending on the socket type",
        note = "attach it: `let mut socket = socket.bind(\"tcp://127.0.0.1:5555\")?;` or `.connect(..)?`"
    )]
    pub trait NotAttached {}

    #[diagnostic::on_unimplemented(
        message = "this socket is attached already: `bind` and `connect` are for its first endpoint",
        label = "a second endpoint, on a socket that is attached",
        note = "add endpoints with `also_bind(..)` and `also_connect(..)`, on a type that can have several; or open another socket"
    )]
    pub trait NotYetAttached {}

    #[diagnostic::on_unimplemented(
        message = "this option comes too late: libzmq reads it only when the socket binds or connects",
        label = "the socket is attached already: libzmq would ignore the option in silence",
        note = "set it before, on the idle socket: `context.socket::<..>()?.the_option(..).bind(..)?`",
        note = "the few options that act later are `set_linger`, `set_send_timeout`, `set_recv_timeout`, `set_no_drop`, \
                `set_verbose`, `set_invert_matching`, `set_router_handover` and `set_router_mandatory`"
    )]
    pub trait InTime {}
}
