//! What the handler is asked, and what it answers.

use std::fmt;
use std::marker::PhantomData;
use std::net::IpAddr;

#[cfg(feature = "curve")]
use crate::curve::PublicKey;
use crate::message::{Message, Multipart};
#[cfg(feature = "curve")]
use crate::security::Curve;
use crate::security::Plain;

/// What is known of a peer that wants to connect to a server of role `S`.
pub struct ZapRequest<S> {
    pub(super) question: Question,
    role: PhantomData<fn() -> S>,
}

impl<S> ZapRequest<S> {
    pub(super) fn new(question: Question) -> Self {
        Self { question, role: PhantomData }
    }

    /// The mechanism of the connection: `NULL`, `PLAIN` or `CURVE`.
    #[must_use]
    pub fn mechanism(&self) -> &str {
        self.question.mechanism.as_str()
    }

    /// The domain of the server.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.question.domain
    }

    /// The peer's IP address; none over ipc.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        self.question.address()
    }

    /// The peer's address as libzmq tells it: an IP address, or over ipc, where it was built to ask the system, host, user,
    /// group and process as `localhost:1000:1000:4711`.
    #[must_use]
    pub fn peer_address(&self) -> &str {
        &self.question.address
    }

    /// The *server's* own routing id, if it was given one: ZAP calls it the identity.
    #[must_use]
    pub fn identity(&self) -> &[u8] {
        &self.question.identity
    }
}

impl ZapRequest<Plain> {
    /// The user name that the client gave.
    #[must_use]
    pub fn username(&self) -> &str {
        self.question.username()
    }

    /// The password that the client gave.
    #[must_use]
    pub fn password(&self) -> &[u8] {
        self.question.password()
    }
}

#[cfg(feature = "curve")]
impl ZapRequest<Curve> {
    /// The client's public key. The client has the secret one too: libzmq has seen to that.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.question.public_key()
    }
}

impl<S> fmt::Debug for ZapRequest<S> {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZapRequest")
            .field("mechanism", &self.mechanism())
            .field("domain", &self.domain())
            .field("address", &self.peer_address())
            .finish_non_exhaustive()
    }
}

/// The answer to a [`ZapRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "nobody is let in, or refused, by a reply that is dropped"]
pub enum ZapReply {
    /// The peer may connect. Each message that it sends bears this user id: `message.metadata("User-Id")`.
    Allow {
        /// The user id.
        user_id: String,
    },
    /// The peer may not connect. The reason is for the log (feature `tracing`): the peer is told a status only.
    Deny {
        /// The reason.
        reason: String,
    },
}

impl ZapReply {
    /// Lets the peer in, under this user id.
    pub fn allow(user_id: impl Into<String>) -> Self {
        ZapReply::Allow { user_id: user_id.into() }
    }

    /// Refuses the peer, for this reason.
    pub fn deny(reason: impl Into<String>) -> Self {
        ZapReply::Deny { reason: reason.into() }
    }
}

/// How a request is answered: by the envelope, and the number that it bears.
pub(super) struct Return {
    peer: Message,
    request: Message,
}

impl Return {
    /// The frames of a reply.
    pub(super) fn reply(self, status: &str, text: &str, user_id: &str) -> Multipart {
        let Self { peer, request } = self;
        let proof = Message::from(proof::metadata());
        let frames = [peer, Message::new(), VERSION.into(), request, status.into(), text.into(), user_id.into(), proof];
        Multipart::from(frames)
    }
}

/// What tells a user id that the handler gave from one that a peer says of itself, which libzmq takes too where nobody was
/// asked: a property with a value that only this process knows.
pub(crate) mod proof {
    use std::ffi::CStr;
    use std::sync::LazyLock;

    use crate::random::unguessable;

    pub(crate) const NAME: &CStr = c"X-Zap-Proof";

    static VALUE: LazyLock<String> = LazyLock::new(|| format!("{:032x}", u128::from_ne_bytes(unguessable())));

    pub(crate) fn is(value: &str) -> bool {
        value == *VALUE
    }

    /// As the last frame of a reply has it.
    pub(super) fn metadata() -> Vec<u8> {
        let (name, value) = (NAME.to_bytes(), VALUE.as_bytes());
        let len = |bytes: &[u8]| bytes.len() as u32;
        [&[len(name) as u8], name, &len(value).to_be_bytes(), value].concat()
    }
}

const VERSION: &str = "1.0";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mechanism {
    Null,
    Plain,
    #[cfg(feature = "curve")]
    Curve,
}

impl Mechanism {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Mechanism::Null => "NULL",
            Mechanism::Plain => "PLAIN",
            #[cfg(feature = "curve")]
            Mechanism::Curve => "CURVE",
        }
    }
}

/// A request, as far as it makes sense.
#[derive(Clone)]
pub(super) struct Question {
    pub(super) mechanism: Mechanism,
    pub(super) domain: String,
    pub(super) address: String,
    identity: Message,
    credentials: Vec<Message>,
}

impl Question {
    /// The question in a message, and how to answer it: nothing where that is not known, and no question where it is none
    /// that can be answered with anything but no.
    pub(super) fn parse(message: Multipart) -> Option<(Return, Option<Self>)> {
        if message.len() < 4 || !message[1].is_empty() {
            return None;
        }
        let mut frames = message.into_iter();
        let peer = frames.next()?;
        let version = frames.nth(1)?;
        let request = frames.next()?;
        let rest: Vec<Message> = frames.collect();
        let question = if version == VERSION { Self::of(rest) } else { None };
        Some((Return { peer, request }, question))
    }

    fn of(frames: Vec<Message>) -> Option<Self> {
        let mut frames = frames.into_iter();
        let text = |frame: Message| frame.as_str().map(str::to_owned);
        let domain = text(frames.next()?)?;
        let address = text(frames.next()?)?;
        let identity = frames.next()?;
        let mechanism = frames.next()?;
        let credentials: Vec<Message> = frames.collect();
        let mechanism = match (&mechanism[..], &credentials[..]) {
            (b"NULL", []) => Mechanism::Null,
            // libzmq would cut the user id at a NUL.
            (b"PLAIN", [username, _]) if username.as_str().is_some_and(|name| !name.contains('\0')) => Mechanism::Plain,
            #[cfg(feature = "curve")]
            (b"CURVE", [key]) if <[u8; 32]>::try_from(&key[..]).is_ok() => Mechanism::Curve,
            _ => return None,
        };
        Some(Self { mechanism, domain, address, identity, credentials })
    }

    pub(super) fn address(&self) -> Option<IpAddr> {
        // The interface that stands after a link-local one is not part of it.
        let address = self.address.split('%').next()?.parse::<IpAddr>().ok()?;
        // One of IPv4 that came to a socket of IPv6 is still the same.
        Some(address.to_canonical())
    }

    pub(super) fn username(&self) -> &str {
        self.credentials.first().and_then(Message::as_str).unwrap_or_default()
    }

    pub(super) fn password(&self) -> &[u8] {
        self.credentials.get(1).map_or(&[], |password| password)
    }

    #[cfg(feature = "curve")]
    pub(super) fn public_key(&self) -> PublicKey {
        let key = self.credentials.first().and_then(|key| <[u8; 32]>::try_from(&key[..]).ok());
        PublicKey::received(key.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Frames of which many are near what is expected.
    fn frame() -> impl Strategy<Value = Vec<u8>> {
        const KNOWN: &[&str] = &[
            "",
            "1.0",
            "2.0",
            "NULL",
            "PLAIN",
            "CURVE",
            "GSSAPI",
            "global",
            "127.0.0.1",
            "fe80::1%eth0",
            "::ffff:1.2.3.4",
        ];
        prop_oneof![
            4 => proptest::sample::select(KNOWN).prop_map(|text| text.as_bytes().to_vec()),
            1 => Just(vec![7; 32]),
            2 => vec(any::<u8>(), 0..40),
        ]
    }

    proptest! {
        #[test]
        fn whatever_asks_is_a_question_or_not(frames in vec(frame(), 0..12)) {
            let message: Multipart = frames.iter().cloned().collect();
            let answerable = frames.len() >= 4 && frames[1].is_empty();
            let parsed = Question::parse(message);
            prop_assert_eq!(parsed.is_some(), answerable);
            let Some((back, question)) = parsed else { return Ok(()) };
            let reply = back.reply("200", "OK", "somebody");
            prop_assert_eq!(&reply[0], &frames[0]);
            prop_assert_eq!(&reply[3], &frames[3]);
            prop_assert_eq!(reply.len(), 8);
            if let Some(question) = question {
                prop_assert_eq!(&frames[2], b"1.0");
                prop_assert_eq!(question.domain.as_bytes(), &frames[4]);
                prop_assert_eq!(question.mechanism.as_str().as_bytes(), &frames[7]);
                prop_assert_eq!(frames.len() - 8, question.credentials.len());
                if question.mechanism == Mechanism::Plain {
                    prop_assert_eq!(question.username().as_bytes(), &frames[8]);
                    prop_assert_eq!(question.password(), &frames[9]);
                }
                #[cfg(feature = "curve")]
                if question.mechanism == Mechanism::Curve {
                    let key = question.public_key();
                    prop_assert_eq!(&key.as_bytes()[..], &frames[8]);
                }
                let _ = question.address();
            }
        }
    }
}
