//! libzmq takes longer groups, and frees their memory once for every peer that gets the message.
use zmq_typestate::Group;

const FORECAST: Group = Group::from_static("weather");

fn main() {
    println!("{FORECAST}");
}
