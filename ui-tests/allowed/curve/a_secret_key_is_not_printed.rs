//! A secret key in a log is a secret no more.
use zmq_typestate::KeyPair;

fn example(keys: &KeyPair) {
    println!("{:?}", keys.public_key());
}

fn main() {
    let _ = example;
}
