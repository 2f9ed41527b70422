//! zmq_socket_monitor on a DGRAM succeeds, and no event ever comes: udp has no connections.
use zmq_typestate::{Bound, Dgram, Result, Socket};

async fn example(mut socket: Socket<Dgram, Bound>) -> Result<()> {
    println!("{:?}", socket.monitor()?.recv().await?);
    Ok(())
}

fn main() {}
