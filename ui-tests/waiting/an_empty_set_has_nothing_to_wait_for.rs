//! zmq_poll of no sockets and without a timeout waits for ever.
use zmq_typestate::{Bound, Pull, SocketSet};

async fn example(mut set: SocketSet<Pull, Bound>) {
    let (_, message) = set.recv().await;
    println!("{message:?}");
}

fn main() {}
