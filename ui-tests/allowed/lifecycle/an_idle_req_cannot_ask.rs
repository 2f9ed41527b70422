//! Nothing is attached: REQ would block for ever.
use zmq_typestate::{Idle, Req, Result, Socket};

async fn example(socket: Socket<Req, Idle>) -> Result<()> {
    let mut socket = socket.connect("tcp://127.0.0.1:5555")?;
    println!("{:?}", socket.request("time?").await?);
    Ok(())
}

fn main() {}
