//! Groups: a RADIO sends to them, a DISH joins them.

use std::fmt;
use std::ops::Deref;

use crate::core::{Arrival, Core, Outgoing};
use crate::error::{Error, Result};
use crate::incoming::{Incoming, sealed, unexpected};
use crate::message::Message;
use crate::raw::{self, Errno, GroupName};
use crate::routing::{ReceiverOf, receiver};
use crate::socket::Socket;
use crate::socket_type::{CanJoin, Dish, Radio, SocketType, Unjoined};

/// The name of a group: up to 14 bytes, none of them zero. A message reaches the DISHes that have joined exactly this
/// group: a group is not a prefix, as a [`Topic`](crate::Topic) is.
///
/// A literal is checked by the compiler, in a `const` or by [`group!`](crate::group). libzmq says that it takes more, but
/// does not survive it: two peers that get a message of a longer group both free the memory of its name.
///
/// Follows [zmq_join(3)](https://libzmq.readthedocs.io/en/latest/zmq_join.html).
///
/// ```
/// use zmq_typestate::{Group, group};
///
/// const WEATHER: Group = Group::from_static("weather");
/// assert_eq!(WEATHER, group!("weather"));
/// assert_eq!(Group::new("weather")?, "weather");
/// assert!(Group::new("weather-forecast").is_err());
/// # Ok::<(), zmq_typestate::Error>(())
/// ```
#[derive(Clone, Copy, Hash)]
pub struct Group(GroupName);

impl Group {
    /// The longest name, in bytes.
    pub const MAX_LEN: usize = GroupName::MAX_LEN;

    /// A group of that name.
    ///
    /// # Errors
    /// [`Error::Group`] for a name of more than [`MAX_LEN`](Self::MAX_LEN) bytes, or with a NUL byte.
    pub fn new(name: impl AsRef<[u8]>) -> Result<Self> {
        let name = name.as_ref();
        GroupName::new(name).map(Self).ok_or_else(|| Error::Group { group: name.to_vec() })
    }

    /// A group whose name is a literal.
    ///
    /// # Panics
    /// If the name is wrong: in a `const` that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn from_static(name: &'static str) -> Self {
        match GroupName::new(name.as_bytes()) {
            Some(name) => Self(name),
            None => panic!("the name of a group is at most 14 bytes, and none of them is NUL"),
        }
    }
}

/// A [`Group`] from a literal, checked by the compiler: `group!("weather")`.
#[cfg(feature = "draft")]
#[macro_export]
macro_rules! group {
    ($name:expr) => {{
        const GROUP: $crate::Group = $crate::Group::from_static($name);
        GROUP
    }};
}

impl Deref for Group {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl AsRef<[u8]> for Group {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.escape_ascii())
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Group(\"{self}\")")
    }
}

impl<B: AsRef<[u8]> + ?Sized> PartialEq<B> for Group {
    fn eq(&self, other: &B) -> bool {
        **self == *other.as_ref()
    }
}

impl Eq for Group {}

impl TryFrom<&str> for Group {
    type Error = Error;

    fn try_from(name: &str) -> Result<Self> {
        Self::new(name)
    }
}

#[diagnostic::do_not_recommend]
impl ReceiverOf<Radio> for Group {}

#[allow(private_interfaces, reason = "sealed")]
impl receiver::Named for Group {
    fn address(&self, _: &Core, mut message: Message) -> Result<Outgoing> {
        message.frame_mut().set_group(&self.0);
        Ok(Outgoing::One(message))
    }
}

impl Incoming for (Group, Message) {
    type Whole = Self;
}

#[allow(private_interfaces, reason = "sealed")]
impl sealed::Incoming for (Group, Message) {
    fn from_arrival(core: &mut Core, arrival: Arrival) -> Result<Self> {
        // libzmq closes the connection of a RADIO that sends several frames.
        let mut message = arrival.into_single().map_err(|message| unexpected(core, message))?;
        // Of a group that it has joined, so that the name is one.
        match message.frame_mut().receive_group() {
            Some(group) => Ok((Group(group), message)),
            None => Err(Error::Group { group: message.frame_mut().group().to_vec() }),
        }
    }
}

/// # Groups
impl<T: SocketType, M> Socket<T, M> {
    /// Joins a group: a DISH then receives what RADIOs send to it, in addition to the groups that it has joined before. In
    /// every mode; a RADIO hears of it a little later, and what it sends until then is not received. A
    /// bound one tells a new RADIO of its groups while it receives.
    ///
    /// Joining a group twice is an [`Error::Membership`], which the next `bind`, `connect` or receive returns.
    ///
    /// Follows [zmq_join(3)](https://libzmq.readthedocs.io/en/latest/zmq_join.html).
    ///
    /// ```
    /// use zmq_typestate::{Context, Dish, group};
    ///
    /// # fn main() -> zmq_typestate::Result<()> {
    /// let news = Context::new()?.socket::<Dish>()?.join(&group!("sports")).join(&group!("weather"));
    /// let mut news = news.connect("tcp://127.0.0.1:5556")?;
    /// news.leave(&group!("sports"))?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "zmq_join")]
    pub fn join(
        mut self, // moved: go on with what `join` returns, or use `also_join`
        group: &Group,
    ) -> Socket<T::Kind, M>
    where
        T: CanJoin,
    {
        let core = self.core_mut();
        if let Err(error) = core.join(group) {
            core.fault(error);
        }
        self.into_state()
    }

    /// Joins one more group, on a socket that is kept in place: see [`join`](Self::join).
    ///
    /// # Errors
    /// [`Error::Membership`] for a group that it has joined already.
    pub fn also_join(&mut self, group: &Group) -> Result<()>
    where
        T: CanJoin,
    {
        self.core_mut().join(group)
    }

    /// Leaves a group: what is sent to it is not received any more.
    ///
    /// # Errors
    /// [`Error::Membership`] for a group that it has not joined.
    ///
    /// Follows [zmq_leave(3)](https://libzmq.readthedocs.io/en/latest/zmq_leave.html).
    #[doc(alias = "zmq_leave")]
    pub fn leave(&mut self, group: &Group) -> Result<()>
    where
        T: CanJoin,
    {
        self.core_mut().leave(group)
    }
}

/// # DISH: groups that come later
impl<M> Socket<Dish<Unjoined>, M> {
    /// For a DISH whose groups come while it runs, by [`also_join`](Self::also_join): until the first one it receives
    /// nothing.
    pub fn join_later(self) -> Socket<Dish, M> {
        self.into_state()
    }
}

impl Core {
    pub(crate) fn join(&mut self, group: &Group) -> Result<()> {
        self.membership("join", "it has joined that group already", group, raw::Socket::join)
    }

    pub(crate) fn leave(&mut self, group: &Group) -> Result<()> {
        self.membership("leave", "it has not joined that group", group, raw::Socket::leave)
    }

    fn membership(
        &mut self,
        action: &'static str,
        fault: &'static str,
        group: &Group,
        call: impl FnOnce(&mut raw::Socket, &GroupName) -> Result<(), Errno>,
    ) -> Result<()> {
        call(&mut self.raw, &group.0).map_err(|errno| match errno {
            Errno::INVALID => Error::Membership { action, group: group.to_string(), fault },
            errno => self.failed("zmq_join", errno),
        })
    }
}
