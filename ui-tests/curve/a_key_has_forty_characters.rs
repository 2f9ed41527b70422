//! ZMQ_CURVE_SERVERKEY of another length is EINVAL.
use zmq_typestate::PublicKey;

pub const SERVER: PublicKey = PublicKey::z85("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf");

fn main() {}
