//! How a socket is attached: the second parameter of [`Socket`](crate::Socket).

/// Made, not attached to anything yet: options are set here, then it binds or connects.
#[derive(Debug, Clone, Copy)]
pub struct Idle;

/// First attached by `bind`: it waits for peers, and has an [`address`](crate::Socket::address).
#[derive(Debug, Clone, Copy)]
pub struct Bound;

/// First attached by `connect`: it goes to its peers, and back to them when a connection is lost.
#[derive(Debug, Clone, Copy)]
pub struct Connected;

/// Attached one way or the other, as a configuration said: what [`either`](crate::Socket::either) makes.
#[derive(Debug, Clone, Copy)]
pub struct Either;

/// A mode of a socket: [`Idle`], [`Bound`], [`Connected`] or [`Either`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a mode of a socket",
    note = "the modes are `Idle`, `Bound`, `Connected` and `Either`"
)]
pub trait Mode: sealed::Mode {}

/// A mode in which messages can travel: every one but [`Idle`].
#[diagnostic::on_unimplemented(message = "`{Self}` is not known to be attached", note = "bound it by `Attached`")]
pub trait Attached<W = ()>: Mode {}

impl Mode for Idle {}
impl Mode for Bound {}
impl Mode for Connected {}
impl Mode for Either {}

impl Attached for Bound {}
impl Attached for Connected {}
impl Attached for Either {}
// `W` keeps a bound that is never true from being an error in itself.
impl<W: why::NotAttached> Attached<W> for Idle {}

mod sealed {
    #[diagnostic::on_unimplemented(
        message = "the modes of a socket are fixed: `{Self}` cannot become one",
        note = "use `Idle`, `Bound`, `Connected` or `Either`"
    )]
    pub trait Mode {}
    impl Mode for super::Idle {}
    impl Mode for super::Bound {}
    impl Mode for super::Connected {}
    impl Mode for super::Either {}
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
}
