//! A decoder that does not look takes this for a key of zeros, and the handshake fails in silence.
use zmq_typestate::PublicKey;

pub const SERVER: PublicKey = PublicKey::z85("put the key of the server here, please!!");

fn main() {}
