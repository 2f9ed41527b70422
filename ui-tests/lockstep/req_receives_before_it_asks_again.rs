//! A second zmq_send on a REQ before the reply is EFSM.
use zmq_typestate::{AwaitingReply, Connected, Req, Result, Socket};

async fn example(socket: Socket<Req<AwaitingReply>, Connected>) -> Result<()> {
    let socket = socket.send("and now?").await?;
    socket.close();
    Ok(())
}

fn main() {}
