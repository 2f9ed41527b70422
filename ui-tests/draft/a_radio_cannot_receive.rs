//! RADIO only sends: zmq_recv answers ENOTSUP, an async wrapper waits for ever.
use zmq_typestate::{Bound, Radio, Result, Socket};

async fn example(mut socket: Socket<Radio, Bound>) -> Result<()> {
    println!("{:?}", socket.recv().await?);
    Ok(())
}

fn main() {}
