//! Who is at the two ends of each `inproc://` name of a context.
//!
//! libzmq does not look at the socket types of an inproc connection, and 37 of the 441 pairs abort the process. So the
//! context remembers the types, also of connecters that came before the name was bound: libzmq keeps those for the
//! binder, even after they have been closed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::socket_type::Kind;

pub(crate) struct Names {
    serial: u64,
    ends: Mutex<HashMap<String, Ends>>,
}

impl Default for Names {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { serial: NEXT.fetch_add(1, Ordering::Relaxed), ends: Mutex::default() }
    }
}

#[derive(Default)]
struct Ends {
    bound: Option<&'static Kind>,
    waiting: Vec<&'static Kind>,
}

/// The names, held over the call to libzmq, so that check and call are one step.
pub(crate) struct Locked<'a>(MutexGuard<'a, HashMap<String, Ends>>);

impl Names {
    /// Tells the names of one context from those of another.
    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    pub(crate) fn lock(&self) -> Locked<'_> {
        Locked(self.ends.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Locked<'_> {
    /// The connecter, if any, that waits for this name and cannot talk to `kind`.
    pub(crate) fn refuses_binder(&self, name: &str, kind: &Kind) -> Option<&'static Kind> {
        let ends = self.0.get(name)?;
        ends.waiting.iter().copied().find(|waiting| !talk(kind, waiting))
    }

    /// The binder of this name, or another connecter's future one, if it cannot talk to `kind`.
    pub(crate) fn refuses_connecter(&self, name: &str, kind: &Kind) -> Option<&'static Kind> {
        self.0.get(name)?.bound.filter(|bound| !talk(kind, bound))
    }

    pub(crate) fn is_bound(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|ends| ends.bound.is_some())
    }

    /// Somebody has connected to a name that nobody has bound; it may have gone since.
    pub(crate) fn is_waited_for(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|ends| !ends.waiting.is_empty())
    }

    pub(crate) fn bound(&mut self, name: &str, kind: &'static Kind) {
        let ends = self.0.entry(name.into()).or_default();
        ends.bound = Some(kind);
        ends.waiting.clear();
    }

    pub(crate) fn connected(&mut self, name: &str, kind: &'static Kind) {
        let ends = self.0.entry(name.into()).or_default();
        if ends.bound.is_none() {
            ends.waiting.push(kind);
        }
    }

    pub(crate) fn unbound(&mut self, name: &str) {
        self.0.remove(name);
    }
}

fn talk(one: &Kind, other: &Kind) -> bool {
    one.peers.contains(&other.name)
}
