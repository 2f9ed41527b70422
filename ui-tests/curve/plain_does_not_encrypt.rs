//! PLAIN authenticates, but everybody on the way can read what is sent.
use zmq_typestate::{Attached, Curve, Encrypted, Plain, Pull, Socket};

fn take_secrets<M: Attached + Encrypted>(_: Socket<Pull, M>) {}

fn example(secrets: Socket<Pull, zmq_typestate::Bound<Plain>>) {
    take_secrets(secrets);
}

fn main() {
    let _ = (example, std::any::type_name::<(Plain, Curve)>());
}
