//! [`SocketSet`]: many sockets of one type, received from by one task.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};

use crate::error::Result;
use crate::mode::Attached;
use crate::raw::Ticket;
use crate::socket::Socket;
use crate::socket_type::{CanRecv, SocketType};

/// Sockets of one type, from which one task receives whatever comes first. Each receive costs as much as the sockets that have
/// something, not as much as there are; and they have their turn one after the other, so that a busy one does not hold up the
/// rest.
///
/// For two or three sockets, of any types, `tokio::select!` over their receives does the same.
///
/// ```
/// use zmq_typestate::{Context, Pull, Push, SocketSet};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> zmq_typestate::Result<()> {
/// let context = Context::new()?;
/// let mut set = SocketSet::new();
/// let mut feeds = Vec::new();
/// for number in 0..100 {
///     let pull = context.socket::<Pull>()?.bind(format!("inproc://feed-{number}"))?;
///     feeds.push(context.socket::<Push>()?.connect(pull.address())?);
///     set.insert(pull);
/// }
/// feeds[42].send("hello").await?;
/// let (key, message) = set.recv().await.expect("there are sockets");
/// assert_eq!(message?, "hello");
/// assert!(set.remove(key).is_some());
/// # Ok(())
/// # }
/// ```
#[must_use = "the sockets are closed when the set is dropped"]
pub struct SocketSet<T, M> {
    members: Vec<Option<Member<T, M>>>,
    /// Places that are free again.
    free: Vec<usize>,
    ready: Arc<Ready>,
}

/// One socket of a [`SocketSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SocketKey {
    place: usize,
    serial: u64,
}

struct Member<T, M> {
    socket: Socket<T, M>,
    serial: u64,
    turn: Arc<Turn>,
}

/// Those that may have something to receive, in the order of their turns.
#[derive(Default)]
struct Ready(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    turns: VecDeque<Arc<Turn>>,
    /// Whoever receives from the set.
    waker: Option<Waker>,
}

/// A socket's place in the queue; as its waker, it takes it.
struct Turn {
    /// Which holds this in turn; a wakeup may come when the set has gone.
    ready: Weak<Ready>,
    place: usize,
    queued: AtomicBool,
}

impl Ready {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Takes its place, in a queue that is still there.
    fn queue(self: &Arc<Self>) -> Option<Arc<Ready>> {
        let ready = self.ready.upgrade()?;
        if !self.queued.swap(true, Ordering::AcqRel) {
            ready.queue().turns.push_back(self.clone());
        }
        Some(ready)
    }
}

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        let waker = self.queue().and_then(|ready| ready.queue().waker.take());
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T: SocketType, M: Attached> SocketSet<T, M> {
    /// An empty set.
    pub fn new() -> Self {
        Self { members: Vec::new(), free: Vec::new(), ready: Arc::default() }
    }

    /// Takes a socket in; the key names it from then on.
    pub fn insert(&mut self, socket: Socket<T, M>) -> SocketKey {
        // Of all sets: the key of one is no key of another.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let serial = NEXT.fetch_add(1, Ordering::Relaxed);
        let place = self.free.pop().unwrap_or_else(|| {
            self.members.push(None);
            self.members.len() - 1
        });
        let turn = Arc::new(Turn { ready: Arc::downgrade(&self.ready), place, queued: AtomicBool::new(false) });
        turn.queue();
        self.members[place] = Some(Member { socket, serial, turn });
        SocketKey { place, serial }
    }

    /// Gives a socket back; none if it has been given back already.
    pub fn remove(&mut self, key: SocketKey) -> Option<Socket<T, M>> {
        let member = self.members.get_mut(key.place)?.take_if(|member| member.serial == key.serial)?;
        self.free.push(key.place);
        Some(member.socket)
    }

    /// A socket of the set: to send with, or to change what it is attached to.
    pub fn get_mut(&mut self, key: SocketKey) -> Option<&mut Socket<T, M>> {
        let member = self.members.get_mut(key.place)?.as_mut().filter(|member| member.serial == key.serial)?;
        // Whatever is done with it may read what its descriptor has signalled.
        member.turn.queue();
        Some(&mut member.socket)
    }

    /// How many sockets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len() - self.free.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Receives from the socket whose turn it is among those that have something: which one, and what. It waits while none
    /// has; in an empty set there is nothing to wait for, and it gives none.
    ///
    /// # Errors
    /// As [`Socket::recv`]: the failure is that of the one socket.
    ///
    /// # Cancel safety
    /// Dropping the future loses no message.
    pub fn recv(&mut self) -> ReceivingFromSet<'_, T, M>
    where
        T: CanRecv,
    {
        ReceivingFromSet { set: self }
    }

    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<(SocketKey, Result<T::Incoming>)>>
    where
        T: CanRecv,
    {
        if self.is_empty() {
            return Poll::Ready(None);
        }
        let mut queue = self.ready.queue();
        let known = queue.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker()));
        let old = if known { None } else { queue.waker.replace(cx.waker().clone()) };
        // Those that come into the queue meanwhile have their turn the next time.
        let mut left = queue.turns.len();
        let mut next = queue.turns.pop_front();
        drop(queue);
        // Not under the lock: with a waker, anything may be dropped.
        drop(old);
        while let Some(turn) = next {
            left -= 1;
            // Before it is looked at: what comes from then on takes a place again.
            turn.queued.store(false, Ordering::Release);
            // Unless it has been removed, and perhaps another one has its place.
            let member = self.members.get_mut(turn.place).and_then(Option::as_mut);
            if let Some(member) = member.filter(|member| Arc::ptr_eq(&member.turn, &turn)) {
                let waker = Waker::from(turn.clone());
                let mut context = Context::from_waker(&waker);
                let core = member.socket.core_mut();
                if let Poll::Ready(received) = core.poll_recv(&mut context, &mut Ticket::default()) {
                    // There may be more.
                    turn.queue();
                    return Poll::Ready(Some((SocketKey { place: turn.place, serial: member.serial }, received)));
                }
            }
            next = if left > 0 { self.ready.queue().turns.pop_front() } else { None };
        }
        Poll::Pending
    }
}

impl<T: SocketType, M: Attached> Default for SocketSet<T, M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: SocketType, M: Attached> Extend<Socket<T, M>> for SocketSet<T, M> {
    fn extend<I: IntoIterator<Item = Socket<T, M>>>(&mut self, sockets: I) {
        for socket in sockets {
            self.insert(socket);
        }
    }
}

impl<T: SocketType, M: Attached> FromIterator<Socket<T, M>> for SocketSet<T, M> {
    fn from_iter<I: IntoIterator<Item = Socket<T, M>>>(sockets: I) -> Self {
        let mut set = Self::new();
        set.extend(sockets);
        set
    }
}

impl<T, M> fmt::Debug for SocketSet<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.members.iter().flatten().map(|member| &member.socket)).finish()
    }
}

/// Receives from a set of sockets; made by [`SocketSet::recv`].
///
/// # Cancel safety
/// Dropping it loses no message.
#[must_use = "nothing is received until the future is awaited"]
pub struct ReceivingFromSet<'a, T, M> {
    set: &'a mut SocketSet<T, M>,
}

impl<T: CanRecv, M: Attached> Future for ReceivingFromSet<'_, T, M> {
    type Output = Option<(SocketKey, Result<T::Incoming>)>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().set.poll_recv(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bound, Context, Pull};

    #[test]
    fn a_wakeup_that_comes_when_the_set_has_gone_keeps_nothing() {
        let mut set = SocketSet::<Pull, Bound>::new();
        set.insert(Context::new().unwrap().socket::<Pull>().unwrap().bind("inproc://set").unwrap());
        let turn = set.members[0].as_ref().unwrap().turn.clone();
        set.ready.queue().turns.clear();
        turn.queued.store(false, Ordering::Release);
        drop(set);
        Waker::from(turn.clone()).wake();
        assert_eq!(Arc::strong_count(&turn), 1);
    }
}
