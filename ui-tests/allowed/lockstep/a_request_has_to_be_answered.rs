//! A REP that lets a request go unanswered is stuck with EFSM, and its client waits for ever.
#![deny(unused_must_use)]
use zmq_typestate::{Bound, Rep, Result, Socket};

async fn example(mut socket: Socket<Rep, Bound>) -> Result<()> {
    socket.next_request().await?.reply("42")?;
    Ok(())
}

fn main() {}
