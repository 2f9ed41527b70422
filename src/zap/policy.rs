//! Who may connect.

use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

#[cfg(feature = "curve")]
use crate::curve::CurveKeys;
use crate::plain::PlainUsers;
#[cfg(feature = "curve")]
use crate::security::Curve;
use crate::security::{Filtered, Plain, SecurityRole};

use super::request::{Question, ZapReply, ZapRequest};

/// Decides who may connect to servers of role `S`: what a [domain](crate::ZapHandler::domain) is made with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not decide who may connect to a server of role {S}",
    label = "no policy for {S}",
    note = "a PLAIN domain takes a `PlainUsers`, a CURVE domain a `CurveKeys`, a filtered one an `Addresses`; each of them \
            takes an async closure: `async |request: ZapRequest<Plain>| ZapReply::deny(\"closed\")`, or `(addresses, policy)`"
)]
pub trait ZapPolicy<S: SecurityRole>: sealed::Policy<S> {}

impl ZapPolicy<Filtered> for Addresses {}
impl ZapPolicy<Plain> for PlainUsers {}
#[cfg(feature = "curve")]
impl ZapPolicy<Curve> for CurveKeys {}
impl<S: SecurityRole, P: ZapPolicy<S>> ZapPolicy<S> for (Addresses, P) {}
impl<S, F, R> ZapPolicy<S> for F
where
    S: SecurityRole,
    F: Fn(ZapRequest<S>) -> R + Send + Sync + 'static,
    R: Future<Output = ZapReply> + Send + 'static,
{
}

pub(super) mod sealed {
    use super::{Decision, Question, SecurityRole};

    pub trait Policy<S: SecurityRole>: Send + Sync + 'static {
        #[doc(hidden)]
        #[allow(private_interfaces, reason = "sealed: only this crate calls or implements it")]
        fn decide(&self, question: &Question) -> Decision;
    }
}

pub(super) enum Decision {
    Now(ZapReply),
    Later(Pin<Box<dyn Future<Output = ZapReply> + Send>>),
}

/// Addresses from which peers may connect, or may not: a policy for [`Filtered`] sockets, and with another one for all. A clone
/// is the same set, and what is changed in it holds for everybody who connects from then on.
///
/// Peers over ipc have no IP address: [`only`](Self::only) keeps them out.
#[derive(Clone)]
pub struct Addresses {
    set: Arc<RwLock<HashSet<IpAddr>>>,
    allowed: bool,
}

impl Addresses {
    /// Peers from these addresses may connect, and nobody else.
    pub fn only(addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        Self::new(addresses, true)
    }

    /// Peers from these addresses may not connect, and everybody else may.
    pub fn all_but(addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        Self::new(addresses, false)
    }

    fn new(addresses: impl IntoIterator<Item = IpAddr>, allowed: bool) -> Self {
        let set = addresses.into_iter().map(|address| address.to_canonical()).collect();
        Self { set: Arc::new(RwLock::new(set)), allowed }
    }

    /// Adds an address; false if it was there.
    pub fn insert(&self, address: IpAddr) -> bool {
        self.set.write().unwrap_or_else(PoisonError::into_inner).insert(address.to_canonical())
    }

    /// Removes an address; false if it was not there. Connections that stand are not ended by it.
    pub fn remove(&self, address: IpAddr) -> bool {
        self.set.write().unwrap_or_else(PoisonError::into_inner).remove(&address.to_canonical())
    }

    fn admit(&self, question: &Question) -> bool {
        let set = self.set.read().unwrap_or_else(PoisonError::into_inner);
        // libzmq does not know it of a connection that has ended already.
        let known = !question.address.is_empty();
        known && question.address().is_some_and(|address| set.contains(&address)) == self.allowed
    }
}

impl fmt::Debug for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = self.set.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_tuple(if self.allowed { "Only" } else { "AllBut" }).field(&*set).finish()
    }
}

impl sealed::Policy<Filtered> for Addresses {
    #[allow(private_interfaces, reason = "sealed")]
    fn decide(&self, question: &Question) -> Decision {
        Decision::Now(if self.admit(question) { ZapReply::allow("anonymous") } else { wrong_address() })
    }
}

/// Both have to allow.
impl<S: SecurityRole, P: sealed::Policy<S>> sealed::Policy<S> for (Addresses, P) {
    #[allow(private_interfaces, reason = "sealed")]
    fn decide(&self, question: &Question) -> Decision {
        if self.0.admit(question) { self.1.decide(question) } else { Decision::Now(wrong_address()) }
    }
}

fn wrong_address() -> ZapReply {
    ZapReply::deny("the address is not allowed")
}

impl sealed::Policy<Plain> for PlainUsers {
    #[allow(private_interfaces, reason = "sealed")]
    fn decide(&self, question: &Question) -> Decision {
        let username = question.username();
        Decision::Now(if self.admits(username, question.password()) {
            ZapReply::allow(username)
        } else {
            ZapReply::deny("unknown user, or wrong password")
        })
    }
}

#[cfg(feature = "curve")]
impl sealed::Policy<Curve> for CurveKeys {
    #[allow(private_interfaces, reason = "sealed")]
    fn decide(&self, question: &Question) -> Decision {
        Decision::Now(match self.user_id(&question.public_key()) {
            Some(user_id) => ZapReply::Allow { user_id },
            None => ZapReply::deny("unknown key"),
        })
    }
}

impl<S, F, R> sealed::Policy<S> for F
where
    S: SecurityRole,
    F: Fn(ZapRequest<S>) -> R + Send + Sync + 'static,
    R: Future<Output = ZapReply> + Send + 'static,
{
    #[allow(private_interfaces, reason = "sealed")]
    fn decide(&self, question: &Question) -> Decision {
        // The closure may panic already where it only makes the future.
        match catch_unwind(AssertUnwindSafe(|| self(ZapRequest::new(question.clone())))) {
            Ok(reply) => Decision::Later(Box::pin(reply)),
            Err(_) => Decision::Now(ZapReply::deny("the policy panicked")),
        }
    }
}
