//! Two keys that change places: the handshake fails in silence, and the secret may be published.
use zmq_typestate::{CurveClient, KeyPair};

fn example(server: &KeyPair) -> CurveClient {
    CurveClient::new(server.secret_key(), KeyPair::generate())
}

fn main() {
    let _ = example;
}
