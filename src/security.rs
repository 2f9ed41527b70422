//! Who may be a socket's peer, and who can read what is sent: one security role for each socket, set while it is idle.
//!
//! Follows [zmq_plain(7)](https://libzmq.readthedocs.io/en/latest/zmq_plain.html),
//! [zmq_curve(7)](https://libzmq.readthedocs.io/en/latest/zmq_curve.html) and
//! [ZAP](https://rfc.zeromq.org/spec/27/).

use std::sync::Arc;

use crate::core::Core;
#[cfg(feature = "curve")]
use crate::curve::{CurveClient, CurveServer, KeyPair, PublicKey, why::KnowsItsClients};
use crate::endpoint::{AnyTransport, Ipc, Tcp, Ws};
use crate::error::Error;
use crate::mode::why::InTime;
use crate::mode::{Attached, Idle};
use crate::plain::{Login, PlainClient, PlainServer};
use crate::raw::{self, Errno, Value};
use crate::socket::Socket;
use crate::socket_type::{SocketType, Zmtp};
use crate::zap::{Admission, DomainFor};

/// The role of a socket that was not given any: it talks to anybody, in the clear (ZeroMQ's NULL mechanism).
#[derive(Debug, Clone, Copy)]
pub struct Open;

/// The role of a socket that talks in the clear, to those whom a [`ZapDomain`](crate::ZapDomain) lets in by their address.
#[doc(alias = "ZMQ_NULL")]
#[derive(Debug, Clone, Copy)]
pub struct Filtered;

/// The role of a socket whose clients log in by a user name and a password, in the clear.
#[doc(alias = "ZMQ_PLAIN")]
#[derive(Debug, Clone, Copy)]
pub struct Plain;

/// The role of a socket that encrypts, and whose server, or server and clients, are authenticated by their keys.
#[cfg(feature = "curve")]
#[doc(alias = "ZMQ_CURVE")]
#[derive(Debug, Clone, Copy)]
pub struct Curve;

/// How a socket is secured: [`Open`], [`Filtered`], [`Plain`], or with the feature `curve` `Curve`. It is part of the mode:
/// `Socket<Pull, Bound<Curve>>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a security role",
    note = "the roles are `Open`, `Filtered`, `Plain`, and `Curve` with the feature `curve`"
)]
pub trait SecurityRole:
    sealed::SecurityRole + SecuredOver<AnyTransport> + SecuredOver<Tcp> + SecuredOver<Ipc> + Sized + 'static
{
}
impl SecurityRole for Open {}
impl SecurityRole for Filtered {}
impl SecurityRole for Plain {}
#[cfg(feature = "curve")]
impl SecurityRole for Curve {}

/// Holds over transport `P`: every role but [`Open`] over tcp and ipc only, [`Plain`] and `Curve` also over ws.
#[diagnostic::on_unimplemented(
    message = "there is no {Self} security over {P}: libzmq would ignore it in silence, and let anybody in",
    label = "no security over {P}",
    note = "bind and connect it over tcp or ipc, PLAIN and CURVE also over ws; for peers in the same process open a second socket without a role"
)]
pub trait SecuredOver<P> {}
#[diagnostic::do_not_recommend]
impl<P> SecuredOver<P> for Open {}

#[diagnostic::do_not_recommend]
impl SecuredOver<AnyTransport> for Filtered {}
#[diagnostic::do_not_recommend]
impl SecuredOver<Tcp> for Filtered {}
#[diagnostic::do_not_recommend]
impl SecuredOver<Ipc> for Filtered {}

#[diagnostic::do_not_recommend]
impl SecuredOver<AnyTransport> for Plain {}
#[diagnostic::do_not_recommend]
impl SecuredOver<Tcp> for Plain {}
#[diagnostic::do_not_recommend]
impl SecuredOver<Ipc> for Plain {}
#[diagnostic::do_not_recommend]
impl SecuredOver<Ws> for Plain {}

#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl SecuredOver<AnyTransport> for Curve {}
#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl SecuredOver<Tcp> for Curve {}
#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl SecuredOver<Ipc> for Curve {}
#[diagnostic::do_not_recommend]
#[cfg(feature = "curve")]
impl SecuredOver<Ws> for Curve {}

mod sealed {
    #[diagnostic::on_unimplemented(
        message = "the security roles are fixed: `{Self}` cannot become one",
        note = "use `Open`, `Filtered`, `Plain` or `Curve`"
    )]
    pub trait SecurityRole {
        #[doc(hidden)]
        const MECHANISM: &'static str;
    }
    impl SecurityRole for super::Open {
        const MECHANISM: &'static str = "NULL";
    }
    impl SecurityRole for super::Filtered {
        const MECHANISM: &'static str = "NULL";
    }
    impl SecurityRole for super::Plain {
        const MECHANISM: &'static str = "PLAIN";
    }
    #[cfg(feature = "curve")]
    impl SecurityRole for super::Curve {
        const MECHANISM: &'static str = "CURVE";
    }
}

#[doc(hidden)]
pub mod why {
    #[diagnostic::on_unimplemented(
        message = "a socket has one security role, and this one has its role already: {Self}",
        label = "in libzmq the last one would win, in silence, or a mix of both",
        note = "choose one of `curve_server`, `curve_client`, `plain_server`, `plain_client` and `zap_domain` for each socket"
    )]
    pub trait HasNoRole {}
    #[diagnostic::do_not_recommend]
    impl HasNoRole for super::Open {}
}

/// What a socket's role has to tell libzmq.
pub(crate) enum Security {
    Filtered(Admission),
    PlainServer(Admission),
    PlainClient(Arc<Login>),
    #[cfg(feature = "curve")]
    CurveServer(Arc<KeyPair>, Option<Admission>),
    #[cfg(feature = "curve")]
    CurveClient(PublicKey, Arc<KeyPair>),
}

const PLAIN_SERVER: Named = Named(44, "ZMQ_PLAIN_SERVER");
const PLAIN_USERNAME: Named = Named(45, "ZMQ_PLAIN_USERNAME");
const PLAIN_PASSWORD: Named = Named(46, "ZMQ_PLAIN_PASSWORD");
#[cfg(feature = "curve")]
const CURVE_SERVER: Named = Named(47, "ZMQ_CURVE_SERVER");
#[cfg(feature = "curve")]
const CURVE_PUBLICKEY: Named = Named(48, "ZMQ_CURVE_PUBLICKEY");
#[cfg(feature = "curve")]
const CURVE_SECRETKEY: Named = Named(49, "ZMQ_CURVE_SECRETKEY");
#[cfg(feature = "curve")]
const CURVE_SERVERKEY: Named = Named(50, "ZMQ_CURVE_SERVERKEY");
const ZAP_DOMAIN: Named = Named(55, "ZMQ_ZAP_DOMAIN");
const ZAP_ENFORCE_DOMAIN: Named = Named(93, "ZMQ_ZAP_ENFORCE_DOMAIN");

/// An option, by its number and name in libzmq.
#[derive(Clone, Copy)]
struct Named(std::ffi::c_int, &'static str);

impl Named {
    fn set(self, raw: &mut raw::Socket, value: &Value) -> Result<(), (Self, Errno)> {
        raw.set(self.0, value).map_err(|errno| (self, errno))
    }

    /// Without another copy of the bytes, which may be a secret.
    fn set_bytes(self, raw: &mut raw::Socket, bytes: &[u8]) -> Result<(), (Self, Errno)> {
        raw.set_bytes(self.0, bytes).map_err(|errno| (self, errno))
    }
}

impl Security {
    /// The option that stands for the role in messages.
    pub(crate) fn option(&self) -> &'static str {
        match self {
            Security::Filtered(_) => ZAP_DOMAIN.1,
            Security::PlainServer(_) => PLAIN_SERVER.1,
            Security::PlainClient(_) => PLAIN_USERNAME.1,
            #[cfg(feature = "curve")]
            Security::CurveServer(..) => CURVE_SERVER.1,
            #[cfg(feature = "curve")]
            Security::CurveClient(..) => CURVE_SERVERKEY.1,
        }
    }

    /// Asks a ZAP handler about its peers.
    pub(crate) fn asks(&self) -> bool {
        match self {
            Security::Filtered(_) | Security::PlainServer(_) => true,
            Security::PlainClient(_) => false,
            #[cfg(feature = "curve")]
            Security::CurveServer(_, admission) => admission.is_some(),
            #[cfg(feature = "curve")]
            Security::CurveClient(..) => false,
        }
    }

    pub(crate) fn is_filter(&self) -> bool {
        matches!(self, Security::Filtered(_))
    }

    pub(crate) fn encrypts(&self) -> bool {
        match self {
            #[cfg(feature = "curve")]
            Security::CurveServer(..) | Security::CurveClient(..) => true,
            _ => false,
        }
    }

    /// By how many bytes a message gets longer on the wire.
    #[cfg(feature = "draft")]
    fn overhead(&self) -> i64 {
        if self.encrypts() { 33 } else { 0 }
    }

    fn apply(&self, raw: &mut raw::Socket) -> Result<(), (Named, Errno)> {
        // Without a handler that answers, nobody gets in; and without a domain nobody is asked.
        ZAP_ENFORCE_DOMAIN.set(raw, &Value::Int(1))?;
        match self {
            Security::Filtered(admission) => ZAP_DOMAIN.set_bytes(raw, admission.domain().as_bytes()),
            Security::PlainServer(admission) => {
                ZAP_DOMAIN.set_bytes(raw, admission.domain().as_bytes())?;
                PLAIN_SERVER.set(raw, &Value::Int(1))
            }
            Security::PlainClient(login) => {
                PLAIN_USERNAME.set_bytes(raw, login.username())?;
                PLAIN_PASSWORD.set_bytes(raw, login.password())
            }
            #[cfg(feature = "curve")]
            Security::CurveServer(keys, admission) => {
                if let Some(admission) = admission {
                    ZAP_DOMAIN.set_bytes(raw, admission.domain().as_bytes())?;
                }
                CURVE_SECRETKEY.set_bytes(raw, keys.secret_key().expose())?;
                CURVE_SERVER.set(raw, &Value::Int(1))
            }
            #[cfg(feature = "curve")]
            Security::CurveClient(server, own) => {
                CURVE_SERVERKEY.set_bytes(raw, server.as_bytes())?;
                CURVE_PUBLICKEY.set_bytes(raw, own.public_key().as_bytes())?;
                CURVE_SECRETKEY.set_bytes(raw, own.secret_key().expose())
            }
        }
    }
}

impl Core {
    /// Gives the socket its role, or the reason why it cannot have it to the next call that can tell.
    pub(crate) fn secure(&mut self, security: Result<Security, Error>) {
        let secured = security.and_then(|security| {
            self.apply_security(&security)?;
            #[cfg(feature = "draft")]
            self.make_room_for_joins(security.overhead());
            self.security = Some(Box::new(security));
            Ok(())
        });
        if let Err(error) = secured {
            self.fault(error);
        }
    }

    fn apply_security(&mut self, security: &Security) -> Result<(), Error> {
        security.apply(&mut self.raw).map_err(|refused| self.security_refused(refused))
    }

    /// Secures a new libzmq socket as this one is.
    pub(crate) fn secure_alike(&self, fresh: &mut raw::Socket) -> Result<(), Error> {
        match &self.security {
            Some(security) => security.apply(fresh).map_err(|refused| self.security_refused(refused)),
            None => Ok(()),
        }
    }

    fn security_refused(&self, (Named(_, option), errno): (Named, Errno)) -> Error {
        match errno {
            Errno::TERMINATED => self.failed("zmq_setsockopt", errno),
            // The value is not told: it may be a secret.
            errno => Error::Option {
                socket: self.kind.name,
                option,
                value: "what it was given".into(),
                source: errno.into(),
            },
        }
    }
}

/// # Security
impl<T: SocketType, S: SecurityRole> Socket<T, Idle<S>> {
    /// Lets in, in the clear, those peers that a [`ZapDomain`](crate::ZapDomain) allows, by their address or as its callback decides.
    ///
    /// It binds; its peers need nothing. Not over ws, where libzmq does not ask.
    ///
    /// # Errors
    /// The call itself has none; `bind` then tells of an [`Error::ForeignZapDomain`], and of a context that has ended. To
    /// `connect` is an [`Error::NotWithOption`]: over reconnects libzmq takes the answer about one peer for that about another.
    ///
    /// Follows [ZAP](https://rfc.zeromq.org/spec/27/).
    ///
    /// ```
    /// use zmq_typestate::{Addresses, Bound, Context, Filtered, Pull, Socket, ZapHandler};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> zmq_typestate::Result<()> {
    /// let context = Context::new()?;
    /// let addresses = Addresses::only(["192.0.2.17", "127.0.0.1"].map(|address| address.parse().unwrap()));
    /// let office = ZapHandler::start(&context)?.domain("office", addresses)?;
    /// let jobs: Socket<Pull, Bound<Filtered>> = context.socket::<Pull>()?.zap_domain(&office).bind("tcp://127.0.0.1:*")?;
    /// # drop(jobs);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "ZMQ_ZAP_DOMAIN")]
    #[doc(alias = "ZMQ_TCP_ACCEPT_FILTER")]
    pub fn zap_domain<D: DomainFor<Filtered>>(mut self, domain: D) -> Socket<T, Idle<Filtered>>
    where
        T: Zmtp,
        S: why::HasNoRole,
    {
        let core = self.core_mut();
        let admission = domain.domain().admission(core);
        core.secure(admission.map(Security::Filtered));
        self.into_state()
    }

    /// Lets in those peers that log in with a user name and a password: each has the other end of this,
    /// [`plain_client`](Self::plain_client).
    ///
    /// On a RADIO user name and password have 252 bytes together at most.
    ///
    /// # Errors
    /// As for [`zap_domain`](Self::zap_domain).
    ///
    /// Follows [zmq_plain(7)](https://libzmq.readthedocs.io/en/latest/zmq_plain.html).
    #[doc(alias = "ZMQ_PLAIN_SERVER")]
    pub fn plain_server(mut self, server: &PlainServer) -> Socket<T, Idle<Plain>>
    where
        T: Zmtp,
        S: why::HasNoRole,
    {
        let core = self.core_mut();
        let admission = server.domain().admission(core);
        core.secure(admission.map(Security::PlainServer));
        self.into_state()
    }

    /// Logs in at its peers, each of which has the other end of this: [`plain_server`](Self::plain_server).
    ///
    /// Follows [zmq_plain(7)](https://libzmq.readthedocs.io/en/latest/zmq_plain.html).
    #[doc(alias = "ZMQ_PLAIN_USERNAME")]
    #[doc(alias = "ZMQ_PLAIN_PASSWORD")]
    pub fn plain_client(mut self, client: &PlainClient) -> Socket<T, Idle<Plain>>
    where
        T: Zmtp,
        S: why::HasNoRole,
    {
        self.core_mut().secure(Ok(Security::PlainClient(client.login())));
        self.into_state()
    }

    /// Encrypts, proves to its peers that it has the secret key, and lets in those whom the [`CurveServer`] says: each has
    /// the other end of this, [`curve_client`](Self::curve_client).
    ///
    /// Not for PUB, SUB, XPUB and XSUB over ws, where libzmq loses their subscriptions: `bind` and `connect` refuse it. To a
    /// RADIO a DISH can have few properties ([`metadata`](Socket::metadata)): 16 bytes, with their names.
    ///
    /// # Errors
    /// As for [`zap_domain`](Self::zap_domain), if it authenticates; one that allows any client can also connect.
    ///
    /// Follows [zmq_curve(7)](https://libzmq.readthedocs.io/en/latest/zmq_curve.html).
    #[cfg(feature = "curve")]
    #[doc(alias = "ZMQ_CURVE_SERVER")]
    #[doc(alias = "ZMQ_CURVE_SECRETKEY")]
    pub fn curve_server<C>(mut self, server: &CurveServer<C>) -> Socket<T, Idle<Curve>>
    where
        T: Zmtp,
        S: why::HasNoRole,
        C: KnowsItsClients,
    {
        let core = self.core_mut();
        let admission = server.domain().map(|domain| domain.admission(core)).transpose();
        core.secure(admission.map(|admission| Security::CurveServer(server.keys(), admission)));
        self.into_state()
    }

    /// Encrypts, and talks only to peers that have the server's secret key and the other end of this,
    /// [`curve_server`](Self::curve_server).
    ///
    /// Follows [zmq_curve(7)](https://libzmq.readthedocs.io/en/latest/zmq_curve.html).
    #[cfg(feature = "curve")]
    #[doc(alias = "ZMQ_CURVE_SERVERKEY")]
    #[doc(alias = "ZMQ_CURVE_PUBLICKEY")]
    pub fn curve_client(mut self, client: &CurveClient) -> Socket<T, Idle<Curve>>
    where
        T: Zmtp,
        S: why::HasNoRole,
    {
        let (server, own) = client.parts();
        self.core_mut().secure(Ok(Security::CurveClient(server, own)));
        self.into_state()
    }
}

/// The same names on an attached socket, for the sentence that says why not. Completion does not offer them.
#[doc(hidden)]
impl<T: SocketType, M: Attached> Socket<T, M> {
    pub fn zap_domain<D: DomainFor<Filtered>>(self, _: D) -> Self
    where
        M: InTime,
    {
        self
    }

    pub fn plain_server(self, _: &PlainServer) -> Self
    where
        M: InTime,
    {
        self
    }

    pub fn plain_client(self, _: &PlainClient) -> Self
    where
        M: InTime,
    {
        self
    }

    #[cfg(feature = "curve")]
    pub fn curve_server<C>(self, _: &CurveServer<C>) -> Self
    where
        M: InTime,
    {
        self
    }

    #[cfg(feature = "curve")]
    pub fn curve_client(self, _: &CurveClient) -> Self
    where
        M: InTime,
    {
        self
    }
}
