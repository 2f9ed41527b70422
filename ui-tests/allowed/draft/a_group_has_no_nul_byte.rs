//! The C string would end at the NUL byte: the message goes to another group.
use zmq_typestate::group;

fn main() {
    let weather = group!("weather");
    println!("{weather}");
}
