//! DGRAM takes the first frame for an address: a message without one is EINVAL.
use zmq_typestate::{Bound, Dgram, Result, Socket};

async fn example(mut socket: Socket<Dgram, Bound>) -> Result<()> {
    let (sender, question) = socket.recv().await?;
    socket.send_to(&sender, question).await?;
    println!("{sender}");
    Ok(())
}

fn main() {}
