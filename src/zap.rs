//! Authentication: the ZAP handler of a context, the domains that servers ask about their clients, and the policies that
//! answer.
//!
//! Follows [ZAP](https://rfc.zeromq.org/spec/27/).

mod handler;
mod policy;
mod request;

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Weak};

use crate::context::Context;
use crate::core::Core;
use crate::error::{Error, Result, Unsent};
use crate::security::SecurityRole;

use handler::{Domain, Handler};
pub use policy::{Addresses, ZapPolicy};
pub(crate) use request::proof;
pub use request::{ZapReply, ZapRequest};

/// The handler of a context, which answers for it who may connect: a task on the tokio runtime in which it is started.
///
/// There is one for each context. It goes on until the context is dropped or terminated, also when this value is dropped,
/// and beyond for sockets that need it; where it cannot answer, because its runtime has ended or stands still, nobody gets in. What it answers is the business of its
/// [domains](Self::domain). It counts as a socket of the context.
///
/// It is asked once for each connection. To turn somebody out who is connected, close the socket.
///
/// Follows [ZAP](https://rfc.zeromq.org/spec/27/).
///
/// ```
/// use zmq_typestate::{Addresses, Context, Pull, ZapHandler};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> zmq_typestate::Result<()> {
/// let context = Context::new()?;
/// let zap = ZapHandler::start(&context)?;
/// let local = zap.domain("local", Addresses::only(["127.0.0.1".parse().unwrap()]))?;
/// let jobs = context.socket::<Pull>()?.zap_domain(&local).bind("tcp://*:*")?;
/// # drop(jobs);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ZapHandler(Weak<Handler>);

impl ZapHandler {
    /// Starts the handler of this context, or gives the one that runs. One whose runtime has ended goes on in this one.
    ///
    /// # Errors
    /// [`Error::NoRuntime`] and [`Error::NoDriver`] without a tokio runtime that has the I/O and the time driver;
    /// [`Error::ContextTerminated`]; [`Error::System`] when there are too many sockets.
    pub fn start(context: &Context) -> Result<Self> {
        handler::start(context.raw()).map(|handler| Self(Arc::downgrade(&handler)))
    }

    /// A domain: servers that are given it let in whom the policy allows. For PLAIN that is a [`PlainUsers`](crate::PlainUsers),
    /// for CURVE a `CurveKeys`, for [`Filtered`](crate::Filtered) sockets an [`Addresses`]; for each of them also a closure
    /// that decides by itself; and one of these together with addresses, as `(addresses, users)`, where both have to allow.
    ///
    /// The domain ends with the last server that has it, and the last clone of this value.
    ///
    /// ```
    /// use zmq_typestate::{Context, Plain, ZapHandler, ZapReply, ZapRequest};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// # async fn password_of(username: &str) -> Option<String> { Some(username.to_owned()) }
    /// let context = Context::new()?;
    /// let zap = ZapHandler::start(&context)?;
    /// let staff = zap.domain("staff", async |login: ZapRequest<Plain>| match password_of(login.username()).await {
    ///     Some(known) if known.as_bytes() == login.password() => ZapReply::allow(login.username()),
    ///     _ => ZapReply::deny("unknown user, or wrong password"),
    /// })?;
    /// # drop(staff);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A closure runs as a task for each request. One that panics denies, and so does one that has not answered after ten
    /// seconds.
    ///
    /// # Errors
    /// [`Error::ZapDomain`] for a name that is not 1 to 255 bytes long, or that another domain of the context has;
    /// [`Error::ContextTerminated`].
    pub fn domain<S: SecurityRole>(&self, name: impl Into<String>, policy: impl ZapPolicy<S>) -> Result<ZapDomain<S>> {
        let handler = self.0.upgrade().ok_or_else(gone)?;
        let domain = Domain::register(&handler, name.into(), policy)?;
        Ok(ZapDomain { domain, role: PhantomData })
    }
}

impl fmt::Debug for ZapHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZapHandler").finish_non_exhaustive()
    }
}

/// A name under which servers ask the [`ZapHandler`] of their context about their clients, and the policy behind it; made by
/// [`ZapHandler::domain`]. A server role that is given one cannot be without a handler.
pub struct ZapDomain<S> {
    domain: Arc<Domain>,
    role: PhantomData<fn() -> S>,
}

impl<S> ZapDomain<S> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.domain.name()
    }

    /// What keeps handler and domain there for as long as the socket is.
    pub(crate) fn admission(&self, core: &Core) -> Result<Admission> {
        let handler = self.domain.handler().ok_or_else(gone)?;
        if !handler.is_of(&core.context) {
            return Err(Error::ForeignZapDomain { socket: core.kind.name, domain: self.name().into() });
        }
        Ok(Admission { domain: self.domain.clone(), _handler: handler })
    }
}

/// A [`ZapDomain`] for servers of role `S`: what they have to be given, by value or by reference.
#[diagnostic::on_unimplemented(
    message = "a {S} server needs a ZAP handler that decides who may connect: without, libzmq lets in nobody, or everybody",
    label = "`{Self}` is not a `ZapDomain<{S}>`",
    note = "start the handler, and give it a policy for {S}: `let domain = ZapHandler::start(&context)?.domain(\"name\", policy)?`"
)]
pub trait DomainFor<S>: sealed::DomainFor<S> {
    #[doc(hidden)]
    fn domain(&self) -> &ZapDomain<S>;
}

#[diagnostic::do_not_recommend]
impl<S> DomainFor<S> for ZapDomain<S> {
    fn domain(&self) -> &ZapDomain<S> {
        self
    }
}
#[diagnostic::do_not_recommend]
impl<S> DomainFor<S> for &ZapDomain<S> {
    fn domain(&self) -> &ZapDomain<S> {
        self
    }
}

mod sealed {
    use super::ZapDomain;

    pub trait DomainFor<S> {}
    impl<S> DomainFor<S> for ZapDomain<S> {}
    impl<S> DomainFor<S> for &ZapDomain<S> {}
}

impl<S> Clone for ZapDomain<S> {
    fn clone(&self) -> Self {
        Self { domain: self.domain.clone(), role: PhantomData }
    }
}

impl<S> fmt::Debug for ZapDomain<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ZapDomain").field(&self.name()).finish()
    }
}

/// What a socket has whose peers are asked for at the handler.
pub(crate) struct Admission {
    domain: Arc<Domain>,
    _handler: Arc<Handler>,
}

impl Admission {
    pub(crate) fn domain(&self) -> &str {
        self.domain.name()
    }
}

fn gone() -> Error {
    Error::ContextTerminated { socket: "ZAP handler", unsent: Unsent::NOTHING }
}
