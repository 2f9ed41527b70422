//! Over inproc libzmq ignores PLAIN in silence: anybody can connect without a password.
use zmq_typestate::{Connected, Plain, Push, Result, Socket, ipc};

fn example(mut feed: Socket<Push, Connected<Plain>>) -> Result<()> {
    feed.also_connect(ipc!("@jobs"))
}

fn main() {
    let _ = example;
}
