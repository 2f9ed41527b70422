//! Two tasks on one REQ get EFSM, or each other's replies.
use zmq_typestate::{Connected, Req, Result, Socket};

async fn example(mut socket: Socket<Req, Connected>) -> Result<()> {
    let (one, two) = tokio::join!(socket.request("one?"), socket.request("two?"));
    println!("{:?} {:?}", one?, two?);
    Ok(())
}

fn main() {}
