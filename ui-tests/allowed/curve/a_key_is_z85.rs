//! A decoder that does not look takes this for a key of zeros, and the handshake fails in silence.
use zmq_typestate::PublicKey;

pub const SERVER: PublicKey = PublicKey::z85("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7");

fn main() {}
