//! CURVE: keys, and what servers and clients do with them.
//!
//! Follows [zmq_curve(7)](https://libzmq.readthedocs.io/en/latest/zmq_curve.html).

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::raw::sodium;
use crate::security::Curve;
use crate::z85;
use crate::zap::{DomainFor, ZapDomain};

/// What everybody may know of a [`KeyPair`]: how a client recognises its server, and a server its clients.
///
/// As text it has 40 characters of [Z85](https://rfc.zeromq.org/spec/32/), as in pyzmq and the ZeroMQ guide. A literal is checked
/// by the compiler:
///
/// ```
/// use zmq_typestate::PublicKey;
///
/// const SERVER: PublicKey = PublicKey::z85("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7");
///
/// assert_eq!(SERVER.to_string().parse(), Ok(SERVER));
/// assert!("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf".parse::<PublicKey>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// A literal of 40 characters.
    ///
    /// # Panics
    /// If the literal is wrong: in a `const` that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn z85(text: &'static str) -> Self {
        match z85::key(text.as_bytes()) {
            Ok(bytes) => Self(bytes),
            Err(fault) => panic!("{}", fault.text()),
        }
    }

    /// # Errors
    /// [`KeyError`] where all of the bytes are zero: no key was put there.
    pub const fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        match z85::checked(bytes) {
            Ok(bytes) => Ok(Self(bytes)),
            Err(fault) => Err(KeyError(fault)),
        }
    }

    /// As libzmq has found it.
    pub(crate) fn received(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// From 40 characters of Z85; space around them does not matter.
impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        z85::key(text.trim().as_bytes()).map(Self).map_err(KeyError)
    }
}

impl fmt::Display for PublicKey {
    /// The 40 characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        z85::encode(&self.0).iter().try_for_each(|&character| fmt::Write::write_char(f, character.into()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// What nobody else may know of a [`KeyPair`]. It cannot be cloned, printed or compared, and is wiped when it is dropped.
/// (libzmq keeps copies of its own for as long as sockets have it.)
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// # Errors
    /// [`KeyError`] where all of the bytes are zero: no key was put there.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        z85::checked(bytes).map(|bytes| Self(Zeroizing::new(bytes))).map_err(KeyError)
    }

    /// Gives the bytes away, to be stored where nobody else can read them.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Gives the key away as 40 characters of Z85, to be stored where nobody else can read them. They are wiped when they are
    /// dropped; copies of them are not.
    #[must_use]
    pub fn expose_z85(&self) -> Zeroizing<String> {
        let mut characters = z85::encode(&self.0);
        let text = Zeroizing::new(characters.iter().map(|&character| char::from(character)).collect());
        characters.zeroize();
        text
    }
}

/// From 40 characters of Z85; space around them does not matter. The error does not tell what they were.
impl FromStr for SecretKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        z85::key(text.trim().as_bytes()).map(|bytes| Self(Zeroizing::new(bytes))).map_err(KeyError)
    }
}

impl ZeroizeOnDrop for SecretKey {}

/// A public key, and the secret key that belongs to it: a server has one, and so has each client.
///
/// ```
/// use zmq_typestate::{KeyPair, SecretKey};
///
/// # fn main() -> Result<(), zmq_typestate::KeyError> {
/// let keys = KeyPair::generate();
/// println!("tell your clients: {}", keys.public_key());
///
/// let stored = keys.secret_key().expose_z85();
/// let again = KeyPair::from(stored.parse::<SecretKey>()?);
/// assert_eq!(again.public_key(), keys.public_key());
/// # Ok(())
/// # }
/// ```
pub struct KeyPair {
    public: PublicKey,
    secret: SecretKey,
}

impl KeyPair {
    /// A new pair, of the system's randomness.
    ///
    /// Follows [zmq_curve_keypair(3)](https://libzmq.readthedocs.io/en/latest/zmq_curve_keypair.html).
    #[doc(alias = "zmq_curve_keypair")]
    #[must_use]
    pub fn generate() -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        let public = sodium::key_pair(&mut secret);
        Self { public: PublicKey(public), secret: SecretKey(secret) }
    }

    /// The half that everybody may know.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.public
    }

    /// The half that nobody else may know.
    #[must_use]
    pub fn secret_key(&self) -> &SecretKey {
        &self.secret
    }
}

/// The public key follows from the secret one.
///
/// Follows [zmq_curve_public(3)](https://libzmq.readthedocs.io/en/latest/zmq_curve_public.html).
impl From<SecretKey> for KeyPair {
    #[doc(alias = "zmq_curve_public")]
    fn from(secret: SecretKey) -> Self {
        Self { public: PublicKey(sodium::public_key(&secret.0)), secret }
    }
}

impl fmt::Debug for KeyPair {
    /// The public key only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("public_key", &self.public).finish_non_exhaustive()
    }
}

/// Text or bytes that are no CURVE key. It does not tell what they were: it may have been a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.text())]
pub struct KeyError(z85::Fault);

/// What a [`CurveServer`] lacks that has not been told who its clients are.
#[derive(Debug, Clone, Copy)]
pub struct WantsClients;

/// The state of a [`CurveServer`] that has been told who its clients are.
#[derive(Debug, Clone, Copy)]
pub struct ClientsKnown;

/// What [`curve_server`](crate::Socket::curve_server) needs: the server's keys, and who may connect. A clone shares the keys, for
/// several sockets.
///
/// A server proves to its clients who it is. Whether they have to prove the same is said by one of
/// [`authenticate`](Self::authenticate) and [`allow_any_client`](Self::allow_any_client); without, it is a
/// `CurveServer<WantsClients>`, with which no socket can do anything.
///
/// ```
/// use zmq_typestate::{Context, CurveClient, CurveKeys, CurveServer, KeyPair, Pull, Push, ZapHandler};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> zmq_typestate::Result<()> {
/// let (server_keys, client_keys) = (KeyPair::generate(), KeyPair::generate());
/// let server_key = server_keys.public_key(); // what the client has to know
/// let known = CurveKeys::from_iter([client_keys.public_key()]); // what the server has to know
///
/// let context = Context::new()?;
/// let fleet = ZapHandler::start(&context)?.domain("fleet", known)?;
/// let server = CurveServer::new(server_keys).authenticate(&fleet);
/// let mut reports = context.socket::<Pull>()?.curve_server(&server).bind("tcp://127.0.0.1:*")?;
///
/// let client = CurveClient::new(server_key, client_keys);
/// let mut truck = context.socket::<Push>()?.curve_client(&client).connect(reports.address())?;
/// truck.send("arrived").await?;
/// assert_eq!(reports.recv().await?, "arrived");
/// # Ok(())
/// # }
/// ```
pub struct CurveServer<C = ClientsKnown> {
    keys: Arc<KeyPair>,
    /// None is for any client.
    domain: Option<ZapDomain<Curve>>,
    clients: PhantomData<fn() -> C>,
}

impl CurveServer<WantsClients> {
    /// A server with these keys: a [`KeyPair`], or the [`SecretKey`] alone.
    #[must_use = "say who may connect: `authenticate(&domain)`, or `allow_any_client()`"]
    pub fn new(keys: impl Into<KeyPair>) -> Self {
        Self { keys: Arc::new(keys.into()), domain: None, clients: PhantomData }
    }

    /// Lets in clients that the domain allows, which needs a [`ZapHandler`](crate::ZapHandler).
    #[must_use]
    pub fn authenticate(self, domain: impl DomainFor<Curve>) -> CurveServer {
        CurveServer { keys: self.keys, domain: Some(domain.domain().clone()), clients: PhantomData }
    }

    /// Lets in every client that knows the server's public key: they cannot be told from each other, but nobody else can
    /// read what is sent, and the server is the right one.
    #[must_use]
    pub fn allow_any_client(self) -> CurveServer {
        CurveServer { keys: self.keys, domain: None, clients: PhantomData }
    }
}

impl<C> CurveServer<C> {
    /// What its clients have to know.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.keys.public
    }

    pub(crate) fn keys(&self) -> Arc<KeyPair> {
        self.keys.clone()
    }

    pub(crate) fn domain(&self) -> Option<&ZapDomain<Curve>> {
        self.domain.as_ref()
    }
}

impl<C> Clone for CurveServer<C> {
    fn clone(&self) -> Self {
        Self { keys: self.keys.clone(), domain: self.domain.clone(), clients: PhantomData }
    }
}

impl<C> fmt::Debug for CurveServer<C> {
    /// Without the secret key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CurveServer")
            .field("public_key", &self.keys.public)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}

/// What [`curve_client`](crate::Socket::curve_client) needs: the public key of the server, and keys of its own. A clone shares
/// them, for several sockets.
///
/// It talks to nobody who does not have the secret key of that server. For a server that allows any client, its own keys can
/// be made for the occasion: `CurveClient::new(server_key, KeyPair::generate())`.
#[derive(Debug, Clone)]
pub struct CurveClient {
    server: PublicKey,
    own: Arc<KeyPair>,
}

impl CurveClient {
    /// A client of this server, with these keys of its own: a [`KeyPair`], or the [`SecretKey`] alone.
    #[must_use]
    pub fn new(server_key: PublicKey, own: impl Into<KeyPair>) -> Self {
        Self { server: server_key, own: Arc::new(own.into()) }
    }

    /// What a server that authenticates has to know of it.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.own.public
    }

    pub(crate) fn parts(&self) -> (PublicKey, Arc<KeyPair>) {
        (self.server, self.own.clone())
    }
}

/// The clients that may connect, by their public keys: the policy of a [`ZapDomain<Curve>`](ZapDomain). A clone is the same set,
/// and what is changed in it holds for everybody who connects from then on.
#[derive(Clone, Default)]
pub struct CurveKeys(Arc<RwLock<HashMap<PublicKey, Option<String>>>>);

impl CurveKeys {
    /// A set without keys: nobody gets in.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key. Messages of that client bear the key, as text, for a user id.
    pub fn insert(&self, key: PublicKey) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, None);
    }

    /// Adds a key, or gives it another user id, which the messages of that client then bear.
    pub fn insert_as(&self, key: PublicKey, user_id: impl Into<String>) {
        let user_id = user_id.into();
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, Some(user_id));
    }

    /// Removes a key; false if it was not there. Connections that stand are not ended by it.
    pub fn remove(&self, key: &PublicKey) -> bool {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(key).is_some()
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains(&self, key: &PublicKey) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(key)
    }

    pub(crate) fn user_id(&self, key: &PublicKey) -> Option<String> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(key).map(|user_id| user_id.clone().unwrap_or_else(|| key.to_string()))
    }
}

impl FromIterator<PublicKey> for CurveKeys {
    fn from_iter<I: IntoIterator<Item = PublicKey>>(keys: I) -> Self {
        let set = Self::new();
        keys.into_iter().for_each(|key| set.insert(key));
        set
    }
}

impl fmt::Debug for CurveKeys {
    /// Their number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner).len();
        f.debug_struct("CurveKeys").field("keys", &keys).finish_non_exhaustive()
    }
}

#[doc(hidden)]
pub mod why {
    #[diagnostic::on_unimplemented(
        message = "this CURVE server has not been told who may connect: libzmq would let in every client, whatever its key",
        label = "has no clients yet",
        note = "say which ones: `CurveServer::new(keys).authenticate(&domain)`, with a domain of a `ZapHandler`",
        note = "or say that anybody may: `CurveServer::new(keys).allow_any_client()`"
    )]
    pub trait KnowsItsClients {}
    #[diagnostic::do_not_recommend]
    impl KnowsItsClients for super::ClientsKnown {}
}
