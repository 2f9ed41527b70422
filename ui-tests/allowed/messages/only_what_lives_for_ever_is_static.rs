//! zmq_send_const copies nothing: libzmq reads the buffer after it was freed.
use zmq_typestate::Message;

fn main() {
    let buffer = vec![0_u8; 1000];
    let message = Message::from(buffer);
    println!("{message:?}");
}
