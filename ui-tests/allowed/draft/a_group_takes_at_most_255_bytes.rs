//! zmq_join answers EINVAL for a longer group; a message goes to its first 255 bytes.
use zmq_typestate::Group;

const NAME: &[u8] = &[b'x'; 255];
const LONG: Group = Group::from_static(match str::from_utf8(NAME) {
    Ok(name) => name,
    Err(_) => "",
});

fn main() {
    println!("{LONG}");
}
