//! A closed socket is ENOTSOCK, or memory that was freed.
use zmq_typestate::{Bound, Multipart, Pull, Result, Socket};

async fn example(mut socket: Socket<Pull, Bound>) -> Result<Multipart> {
    socket.close();
    socket.recv_multipart().await
}

fn main() {}
