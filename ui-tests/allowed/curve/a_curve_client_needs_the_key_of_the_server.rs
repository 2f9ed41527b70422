//! A CURVE client without a server key never gets through its handshake, in silence.
use zmq_typestate::{CurveClient, KeyPair, PublicKey};

fn example(server: PublicKey) -> CurveClient {
    CurveClient::new(server, KeyPair::generate())
}

fn main() {
    let _ = example;
}
