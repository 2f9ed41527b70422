use std::ffi::c_void;
use std::sync::Once;

use libsodium_sys as sodium;

unsafe extern "C" {
    /// TweetNaCl's name for it, which libsodium has and its bindings leave out.
    fn randombytes(buffer: *mut u8, length: u64);
}

/// A function that libzmq calls by its name.
struct Symbol(#[allow(dead_code, reason = "only its presence counts")] *const c_void);

// SAFETY: nobody reads it.
unsafe impl Sync for Symbol {}

/// What libzmq's CURVE leaves to the linker. `#[used]` keeps them in the program, in whatever order the libraries come.
#[used]
static LEFT_OPEN: [Symbol; 12] = [
    Symbol(sodium::crypto_box as *const c_void),
    Symbol(sodium::crypto_box_open as *const c_void),
    Symbol(sodium::crypto_box_keypair as *const c_void),
    Symbol(sodium::crypto_box_beforenm as *const c_void),
    Symbol(sodium::crypto_box_afternm as *const c_void),
    Symbol(sodium::crypto_box_open_afternm as *const c_void),
    Symbol(sodium::crypto_secretbox as *const c_void),
    Symbol(sodium::crypto_secretbox_open as *const c_void),
    Symbol(sodium::crypto_scalarmult_base as *const c_void),
    Symbol(randombytes as *const c_void),
    Symbol(sodium::randombytes_close as *const c_void),
    Symbol(sodium::sodium_init as *const c_void),
];

/// Before any other use, also by libzmq: it picks the fastest implementations, and is not for several threads at once.
pub(crate) fn init() {
    static INIT: Once = Once::new();
    INIT.call_once(|| {
        // SAFETY: called once, before everything else. It fails only where the system has no randomness; then whatever needs
        // some ends the process.
        unsafe { sodium::sodium_init() };
    });
}

/// Makes a new pair: writes the secret key, and gives the public one.
pub(crate) fn key_pair(secret: &mut [u8; 32]) -> [u8; 32] {
    init();
    let mut public = [0; 32];
    // SAFETY: both keys have 32 bytes. It does not fail.
    unsafe { sodium::crypto_box_keypair(public.as_mut_ptr(), secret.as_mut_ptr()) };
    public
}

/// The public key that belongs to a secret one.
pub(crate) fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    init();
    let mut public = [0; 32];
    // SAFETY: both keys have 32 bytes. It does not fail for this point.
    unsafe { sodium::crypto_scalarmult_base(public.as_mut_ptr(), secret.as_ptr()) };
    public
}
