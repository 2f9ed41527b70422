//! PLAIN: clients that log in by a user name and a password, which everybody on the way can read.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::security::Plain;
use crate::zap::{DomainFor, ZapDomain};

/// What [`plain_server`](crate::Socket::plain_server) needs: the domain whose users may log in.
///
/// The name of its one constructor is the warning: over tcp and ws, password and messages can be read, and changed, on the way.
/// Over ipc they stay in the machine.
///
/// ```
/// use zmq_typestate::{Context, PlainClient, PlainServer, PlainUsers, Pull, Push, ZapHandler};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> zmq_typestate::Result<()> {
/// let context = Context::new()?;
/// let users = PlainUsers::from_iter([("ann", "correct horse"), ("bob", "battery staple")]);
/// let domain = ZapHandler::start(&context)?.domain("orders", users)?;
///
/// let orders = context.socket::<Pull>()?.plain_server(&PlainServer::unencrypted(&domain));
/// let mut orders = orders.bind("ipc://*")?; // Socket<Pull, Bound<Plain>>
/// let ann = context.socket::<Push>()?.plain_client(&PlainClient::unencrypted("ann", "correct horse")?);
/// let mut ann = ann.connect(orders.address())?;
///
/// ann.send("two apples").await?;
/// let order = orders.recv().await?;
/// assert_eq!(order.metadata("User-Id"), Some("ann"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct PlainServer(ZapDomain<Plain>);

impl PlainServer {
    /// For the users of this domain.
    #[must_use]
    pub fn unencrypted(domain: impl DomainFor<Plain>) -> Self {
        Self(domain.domain().clone())
    }

    pub(crate) fn domain(&self) -> &ZapDomain<Plain> {
        &self.0
    }
}

/// What [`plain_client`](crate::Socket::plain_client) needs: a user name and a password. A clone shares them; they are
/// wiped when the last one is dropped.
///
/// The name of its one constructor is the warning: see [`PlainServer`].
#[derive(Clone)]
pub struct PlainClient(Arc<Login>);

impl PlainClient {
    /// # Errors
    /// [`Error::Value`] for a user name or password that is not 1 to 255 bytes long.
    pub fn unencrypted(username: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> Result<Self> {
        let take = |option, bytes: &[u8]| {
            if (1..=255).contains(&bytes.len()) {
                return Ok(Zeroizing::new(bytes.to_vec()));
            }
            let fault = "a user name and a password are 1 to 255 bytes";
            Err(Error::Value { option, value: format!("{} bytes", bytes.len()), fault })
        };
        let username = take("ZMQ_PLAIN_USERNAME", username.as_ref())?;
        Ok(Self(Arc::new(Login { username, password: take("ZMQ_PLAIN_PASSWORD", password.as_ref())? })))
    }

    pub(crate) fn login(&self) -> Arc<Login> {
        self.0.clone()
    }
}

impl fmt::Debug for PlainClient {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PlainClient").field(&String::from_utf8_lossy(&self.0.username)).finish()
    }
}

pub(crate) struct Login {
    username: Zeroizing<Vec<u8>>,
    password: Zeroizing<Vec<u8>>,
}

impl Login {
    pub(crate) fn username(&self) -> &[u8] {
        &self.username
    }

    pub(crate) fn password(&self) -> &[u8] {
        &self.password
    }
}

/// The users who may log in, with their passwords: the policy of a [`ZapDomain<Plain>`](ZapDomain). A clone is the same table,
/// and what is changed in it holds for everybody who logs in from then on.
#[derive(Clone, Default)]
pub struct PlainUsers(Arc<RwLock<HashMap<String, Zeroizing<Vec<u8>>>>>);

impl PlainUsers {
    /// A table without users: nobody gets in.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a user, or changes the password of one.
    pub fn insert(&self, username: impl Into<String>, password: impl AsRef<[u8]>) {
        let (username, password) = (username.into(), Zeroizing::new(password.as_ref().to_vec()));
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(username, password);
    }

    /// Removes a user; false if there was none of that name. Connections that stand are not ended by it.
    pub fn remove(&self, username: &str) -> bool {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(username).is_some()
    }

    pub(crate) fn admits(&self, username: &str, password: &[u8]) -> bool {
        let users = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // How long a wrong password takes must not tell how much of it is right.
        users.get(username).is_some_and(|known| known.ct_eq(password).into())
    }
}

impl<U: Into<String>, P: AsRef<[u8]>> FromIterator<(U, P)> for PlainUsers {
    fn from_iter<I: IntoIterator<Item = (U, P)>>(users: I) -> Self {
        let table = Self::new();
        users.into_iter().for_each(|(username, password)| table.insert(username, password));
        table
    }
}

impl fmt::Debug for PlainUsers {
    /// Their number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let users = self.0.read().unwrap_or_else(PoisonError::into_inner).len();
        f.debug_struct("PlainUsers").field("users", &users).finish_non_exhaustive()
    }
}
