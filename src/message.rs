//! What travels: frames, messages of several frames, and the empty-delimiter envelope of REQ and REP.

use std::ffi::CString;
use std::fmt;
use std::ops::{Deref, DerefMut};

use smallvec::SmallVec;

use crate::raw::{Frame, Slot};
use crate::routing::RoutingId;
use crate::socket_type::Router;
use crate::zap::proof;

/// One frame: bytes that ZeroMQ carries without looking at them.
///
/// It owns a `zmq_msg_t` (64 bytes): up to 33 bytes of payload live inside it, without an allocation. It is made from
/// `&str`, `&[u8]` and arrays (copied), from `String`, `Vec<u8>` and, with the feature `bytes`, `Bytes` (a long buffer is
/// handed over, not copied), and from what lives for ever by [`Message::from_static`]. It reads as a `[u8]`.
///
/// Follows [zmq_msg_init(3)](https://libzmq.readthedocs.io/en/latest/zmq_msg_init.html).
///
/// ```
/// use zmq_typestate::Message;
///
/// let message = Message::from("hello");
/// assert_eq!(message, "hello");
/// assert_eq!(message.len(), 5);
/// assert_eq!(message.as_str(), Some("hello"));
/// ```
#[doc(alias = "zmq_msg_t")]
pub struct Message(Frame);

impl Message {
    /// A message without any bytes.
    #[must_use]
    pub fn new() -> Self {
        Self(Frame::empty())
    }

    /// A message that refers to bytes which live for ever: neither copied nor allocated, whatever their length.
    ///
    /// ```
    /// # use zmq_typestate::Message;
    /// static PAGE: &str = "<html>…</html>";
    /// assert_eq!(Message::from_static(PAGE), PAGE);
    /// ```
    #[must_use]
    pub fn from_static<B: AsRef<[u8]> + ?Sized>(bytes: &'static B) -> Self {
        Self(Frame::from_static(bytes.as_ref()))
    }

    /// The bytes, if they are UTF-8 text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self).ok()
    }

    /// The bytes, without a copy.
    ///
    /// ```
    /// # use zmq_typestate::Message;
    /// let bytes: bytes::Bytes = Message::from("body").into_bytes();
    /// assert_eq!(bytes.slice(1..), "ody");
    /// ```
    #[cfg(feature = "bytes")]
    #[must_use]
    pub fn into_bytes(self) -> bytes::Bytes {
        bytes::Bytes::from_owner(self)
    }

    /// What is known of the connection that a received message came over: `"Peer-Address"`, `"Socket-Type"`,
    /// `"Routing-Id"`, the properties that the peer was given ([`Socket::metadata`](crate::Socket::metadata)), and the
    /// `"User-Id"` under which a [`ZapHandler`](crate::ZapHandler) has let it in. Nothing for a message that was not
    /// received, or came over inproc. It is gone once the message has been given to a send, also to one that gives it back.
    ///
    /// All but address and user id is what the peer says of itself.
    ///
    /// Follows [zmq_msg_gets(3)](https://libzmq.readthedocs.io/en/latest/zmq_msg_gets.html).
    ///
    /// ```
    /// # use zmq_typestate::Message;
    /// assert_eq!(Message::from("made here").metadata("Peer-Address"), None);
    /// ```
    #[doc(alias = "zmq_msg_gets")]
    #[must_use]
    pub fn metadata(&self, name: &str) -> Option<&str> {
        // libzmq believes a peer that gives itself a user id, where nobody was asked.
        if name == "User-Id" && !self.0.metadata(proof::NAME).is_some_and(proof::is) {
            return None;
        }
        self.0.metadata(&CString::new(name).ok()?)
    }

    /// A second message with the same bytes; long ones are shared.
    pub(crate) fn share(&mut self) -> Self {
        Self(self.0.share())
    }

    /// What a DISH has received, to be sent on by a RADIO.
    #[cfg(feature = "draft")]
    pub(crate) fn with_its_group(mut self) -> Self {
        if let Some(group) = self.0.receive_group() {
            self.0.set_group(&group);
        }
        self
    }

    #[inline]
    pub(crate) fn received(in_it: &mut Slot) -> Self {
        Self(in_it.take())
    }

    #[inline]
    pub(crate) fn frame_mut(&mut self) -> &mut Frame {
        &mut self.0
    }
}

impl Deref for Message {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl AsRef<[u8]> for Message {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}

/// Copies the bytes.
impl Clone for Message {
    fn clone(&self) -> Self {
        Self(Frame::copied(self))
    }
}

impl fmt::Debug for Message {
    /// The first bytes, as a byte string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 64;
        let shown = &self[..self.len().min(SHOWN)];
        write!(f, "b\"{}\"", shown.escape_ascii())?;
        if self.len() > SHOWN {
            write!(f, ".. ({} bytes)", self.len())?;
        }
        Ok(())
    }
}

impl<B: AsRef<[u8]> + ?Sized> PartialEq<B> for Message {
    fn eq(&self, other: &B) -> bool {
        **self == *other.as_ref()
    }
}

impl Eq for Message {}

impl From<&str> for Message {
    #[inline]
    fn from(text: &str) -> Self {
        Self(Frame::copied(text.as_bytes()))
    }
}

impl From<&[u8]> for Message {
    #[inline]
    fn from(bytes: &[u8]) -> Self {
        Self(Frame::copied(bytes))
    }
}

impl<const N: usize> From<[u8; N]> for Message {
    #[inline]
    fn from(bytes: [u8; N]) -> Self {
        Self(Frame::copied(&bytes))
    }
}

impl<const N: usize> From<&[u8; N]> for Message {
    #[inline]
    fn from(bytes: &[u8; N]) -> Self {
        Self(Frame::copied(bytes))
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Frame::from_vec(bytes))
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self(Frame::from_vec(text.into_bytes()))
    }
}

impl From<&String> for Message {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

#[cfg(feature = "bytes")]
impl From<bytes::Bytes> for Message {
    fn from(bytes: bytes::Bytes) -> Self {
        Self(Frame::from_bytes(bytes))
    }
}

/// For programs that come from the `zmq` crate; copies the bytes.
impl From<zmq::Message> for Message {
    fn from(message: zmq::Message) -> Self {
        Self::from(&*message)
    }
}

/// For programs that go on using the `zmq` crate; copies the bytes.
impl From<Message> for zmq::Message {
    fn from(message: Message) -> Self {
        zmq::Message::from(&*message)
    }
}

/// A message of any number of frames, which travels whole or not at all.
///
/// It reads and grows like a `Vec<Message>`; one frame needs no heap. Made from an array, a `Vec`, an iterator, or
/// a single [`Message`]. An empty one cannot be sent: the call says so.
///
/// Follows [zmq_send(3), multi-part messages](https://libzmq.readthedocs.io/en/latest/zmq_send.html).
///
/// ```
/// use zmq_typestate::Multipart;
///
/// let mut message = Multipart::from(["weather", "Oslo"]);
/// message.push("-3 °C");
/// assert_eq!(message.len(), 3);
/// assert_eq!(message[1], "Oslo");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Multipart(SmallVec<[Message; 1]>);

impl Multipart {
    /// A message that has no frames yet.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a frame at the end.
    pub fn push(&mut self, frame: impl Into<Message>) {
        self.0.push(frame.into());
    }

    /// Adds a frame at the front.
    pub fn push_front(&mut self, frame: impl Into<Message>) {
        self.0.insert(0, frame.into());
    }

    /// Takes the first frame off.
    pub fn pop_front(&mut self) -> Option<Message> {
        if self.0.is_empty() { None } else { Some(self.0.remove(0)) }
    }

    /// The only frame, if there is exactly one; else the message as it was.
    pub fn into_single(mut self) -> Result<Message, Self> {
        match self.0.pop() {
            Some(frame) if self.0.is_empty() => Ok(frame),
            Some(frame) => {
                self.0.push(frame);
                Err(self)
            }
            None => Err(self),
        }
    }

    /// Everything up to and including the first empty frame, and what follows it; the message as it was if it has none.
    pub(crate) fn split_delimiter(mut self) -> Result<(Multipart, Multipart), Self> {
        match self.0.iter().position(|frame| frame.is_empty()) {
            Some(at) => {
                let body = self.0.drain(at + 1..).collect();
                Ok((self, body))
            }
            None => Err(self),
        }
    }
}

impl Deref for Multipart {
    type Target = [Message];

    #[inline]
    fn deref(&self) -> &[Message] {
        &self.0
    }
}

impl DerefMut for Multipart {
    fn deref_mut(&mut self) -> &mut [Message] {
        &mut self.0
    }
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<F: Into<Message>> FromIterator<F> for Multipart {
    fn from_iter<I: IntoIterator<Item = F>>(frames: I) -> Self {
        Self(frames.into_iter().map(Into::into).collect())
    }
}

impl<F: Into<Message>> Extend<F> for Multipart {
    fn extend<I: IntoIterator<Item = F>>(&mut self, frames: I) {
        self.0.extend(frames.into_iter().map(Into::into));
    }
}

impl IntoIterator for Multipart {
    type Item = Message;
    type IntoIter = smallvec::IntoIter<[Message; 1]>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Message> for Multipart {
    fn from(message: Message) -> Self {
        Self(SmallVec::from_buf([message]))
    }
}

impl<F: Into<Message>, const N: usize> From<[F; N]> for Multipart {
    fn from(frames: [F; N]) -> Self {
        frames.into_iter().collect()
    }
}

impl<F: Into<Message>> From<Vec<F>> for Multipart {
    fn from(frames: Vec<F>) -> Self {
        frames.into_iter().collect()
    }
}

/// What a publisher's messages must begin with to be received.
///
/// A topic is a prefix: `"A"` also lets `"AB"` through, and the empty topic lets everything through. Made from text or
/// bytes. A subscription takes at most [`Topic::MAX_LEN`] bytes.
///
/// Follows [zmq_setsockopt(3), ZMQ_SUBSCRIBE](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic(SmallVec<[u8; 24]>);

impl Topic {
    /// The longest topic that can be subscribed to, in bytes.
    ///
    /// libzmq descends one call for each byte of a topic: a long one would overflow the stack.
    pub const MAX_LEN: usize = 4096;

    /// The topic that every message begins with.
    #[must_use]
    pub fn all() -> Self {
        Self(SmallVec::new())
    }
}

impl Deref for Topic {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Topic(\"{self}\")")
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.escape_ascii())
    }
}

impl<B: AsRef<[u8]> + ?Sized> From<&B> for Topic {
    fn from(prefix: &B) -> Self {
        Self(SmallVec::from_slice(prefix.as_ref()))
    }
}

impl From<String> for Topic {
    fn from(prefix: String) -> Self {
        Self(SmallVec::from_vec(prefix.into_bytes()))
    }
}

impl From<Vec<u8>> for Topic {
    fn from(prefix: Vec<u8>) -> Self {
        Self(SmallVec::from_vec(prefix))
    }
}

impl<B: AsRef<[u8]> + ?Sized> PartialEq<B> for Topic {
    fn eq(&self, other: &B) -> bool {
        **self == *other.as_ref()
    }
}

/// The way back to the client of a request: everything up to the empty delimiter frame.
///
/// A ROUTER that serves REQ clients gets it from [`recv_request`](crate::Socket::recv_request) and answers with
/// [`reply`](crate::Socket::reply), which keeps the delimiter that REQ insists on. Requests that came through other
/// brokers have one routing id more for each; they stay in the envelope.
///
/// Follows [zmq_socket(3), ZMQ_REQ and ZMQ_ROUTER](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    pub(crate) client: RoutingId<Router>,
    /// The routing ids of further hops, and the delimiter.
    pub(crate) path: Multipart,
}

impl Envelope {
    /// The peer that handed the request in: the client itself, or the broker nearest to this socket.
    #[must_use]
    pub fn peer(&self) -> &RoutingId<Router> {
        &self.client
    }

    pub(crate) fn address(self, body: Multipart) -> (RoutingId<Router>, Multipart) {
        let mut frames = self.path;
        frames.extend(body);
        (self.client, frames)
    }
}
