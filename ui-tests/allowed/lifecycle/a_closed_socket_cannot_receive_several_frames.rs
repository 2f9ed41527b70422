//! A closed socket is ENOTSOCK, or memory that was freed.
use zmq_typestate::{Bound, Multipart, Pull, Result, Socket};

async fn example(mut socket: Socket<Pull, Bound>) -> Result<Multipart> {
    let message = socket.recv_multipart().await;
    socket.close();
    message
}

fn main() {}
