//! Nothing is attached: REQ would block for ever.
use zmq_typestate::{Idle, Req, Result, Socket};

async fn example(socket: Socket<Req, Idle>) -> Result<()> {
    let mut socket = socket;
    println!("{:?}", socket.request("time?").await?);
    Ok(())
}

fn main() {}
