//! zmq_poller_fd of a poller that has no thread-safe socket is EINVAL.
use zmq_typestate::{Bound, Pull, SocketSet};

async fn example(mut set: SocketSet<Pull, Bound>) {
    println!("{:?}", set.as_fd());
}

fn main() {}
