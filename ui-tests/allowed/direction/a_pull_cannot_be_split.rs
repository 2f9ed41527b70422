//! PULL has one direction: there is no sending half.
use zmq_typestate::{Bound, Dealer, Result, Socket};

async fn example(socket: Socket<Dealer, Bound>) -> Result<()> {
    let (sender, receiver) = socket.split();
    drop((sender, receiver));
    Ok(())
}

fn main() {}
