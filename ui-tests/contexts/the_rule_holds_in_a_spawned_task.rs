//! PUB only sends: zmq_recv answers ENOTSUP.
use zmq_typestate::{Bound, Pub, Socket};

fn example(mut socket: Socket<Pub, Bound>) {
    tokio::spawn(async move {
        while let Ok(message) = socket.recv().await {
            println!("{message:?}");
        }
    });
}

fn main() {}
