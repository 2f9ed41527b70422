//! zmq_msg_copy shares the bytes: to change them in one message changes the other, maybe on its way out.
use zmq_typestate::Message;

fn main() {
    let mut message = Message::from("hello");
    message = Message::from([&b"H"[..], &message[1..]].concat());
    println!("{message:?}");
}
