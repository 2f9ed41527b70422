//! A second zmq_send on a REQ before the reply is EFSM.
use zmq_typestate::{Connected, Req, Result, Socket};

async fn example(socket: Socket<Req, Connected>) -> Result<()> {
    let waiting = socket.send("time?").await?;
    let again = socket.send("time?").await?;
    drop((waiting, again));
    Ok(())
}

fn main() {}
