//! Over inproc libzmq ignores PLAIN in silence: anybody can connect without a password.
use zmq_typestate::{Connected, Plain, Push, Result, Socket, inproc};

fn example(mut feed: Socket<Push, Connected<Plain>>) -> Result<()> {
    feed.also_connect(inproc!("jobs"))
}

fn main() {
    let _ = example;
}
