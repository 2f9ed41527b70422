//! zmq_msg_init_data copies nothing: libzmq reads the memory after it was freed.
use zmq_typestate::Message;

fn example(bytes: &[u8]) -> Message {
    Message::from_static(bytes)
}

fn main() {
    println!("{:?}", example(b"hello"));
}
