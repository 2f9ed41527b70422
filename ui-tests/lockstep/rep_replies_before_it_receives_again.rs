//! A second zmq_recv on a REP before the reply is EFSM, and the client waits for ever.
use zmq_typestate::{Bound, OwingReply, Rep, Result, Socket};

async fn example(socket: Socket<Rep<OwingReply>, Bound>) -> Result<()> {
    let (request, socket) = socket.recv().await?;
    drop((request, socket));
    Ok(())
}

fn main() {}
