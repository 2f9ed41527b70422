//! Bytes that nobody can guess.

use std::hash::{BuildHasher, RandomState};

/// What keys std's hash maps is the system's randomness.
pub(crate) fn unguessable() -> [u8; 16] {
    let [one, other] = [(); 2].map(|()| u128::from(RandomState::new().hash_one(())));
    (one << 64 | other).to_ne_bytes()
}
