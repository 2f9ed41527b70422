//! zmq_msg_copy shares the bytes: to change them in one message changes the other, maybe on its way out.
use zmq_typestate::Message;

fn main() {
    let message = Message::from("hello");
    message[0] = b'H';
    println!("{message:?}");
}
