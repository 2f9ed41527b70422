//! zmq_send on a REP that has no request is EFSM.
use zmq_typestate::{Bound, Rep, Result, Socket};

async fn example(socket: Socket<Rep, Bound>) -> Result<()> {
    let socket = socket.recv().await?.1.send("42").await?;
    socket.close();
    Ok(())
}

fn main() {}
