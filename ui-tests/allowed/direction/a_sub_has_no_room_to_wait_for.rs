//! zmq_poll for output on a SUB never returns: it has no room to send into.
use std::time::Duration;

use zmq_typestate::{Connected, Dealer, Result, Socket};

async fn example(mut socket: Socket<Dealer, Connected>) -> Result<()> {
    tokio::select! {
        sent = socket.send("ping") => sent,
        () = tokio::time::sleep(Duration::from_secs(1)) => Ok(()),
    }
}

fn main() {}
