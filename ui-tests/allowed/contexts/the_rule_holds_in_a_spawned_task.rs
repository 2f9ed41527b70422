//! PUB only sends: zmq_recv answers ENOTSUP.
use zmq_typestate::{Bound, Socket, Sub};

fn example(mut socket: Socket<Sub, Bound>) {
    tokio::spawn(async move {
        while let Ok(message) = socket.recv().await {
            println!("{message:?}");
        }
    });
}

fn main() {}
