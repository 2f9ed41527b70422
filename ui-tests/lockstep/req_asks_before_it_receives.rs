//! zmq_recv on a REQ that has not asked is EFSM; an async wrapper waits for ever.
use zmq_typestate::{Connected, Req, Result, Socket};

async fn example(socket: Socket<Req, Connected>) -> Result<()> {
    let (reply, socket) = socket.recv().await?;
    drop((reply, socket));
    Ok(())
}

fn main() {}
