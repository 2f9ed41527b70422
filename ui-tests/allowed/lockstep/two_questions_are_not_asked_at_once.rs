//! Two tasks on one REQ get EFSM, or each other's replies.
use zmq_typestate::{Connected, Req, Result, Socket};

async fn example(mut socket: Socket<Req, Connected>) -> Result<()> {
    let (one, two) = (socket.request("one?").await, socket.request("two?").await);
    println!("{:?} {:?}", one?, two?);
    Ok(())
}

fn main() {}
