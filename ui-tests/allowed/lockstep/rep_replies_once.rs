//! A second reply to one request is EFSM.
use zmq_typestate::{Bound, Rep, Result, Socket};

async fn example(mut socket: Socket<Rep, Bound>) -> Result<()> {
    let request = socket.next_request().await?;
    request.reply("42")?;
    Ok(())
}

fn main() {}
