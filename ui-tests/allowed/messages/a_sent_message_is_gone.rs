//! zmq_msg_send leaves an empty message behind.
use zmq_typestate::{Bound, Message, Push, Result, Socket};

async fn example(mut socket: Socket<Push, Bound>, message: Message) -> Result<()> {
    socket.send(message.clone()).await?;
    println!("sent {message:?}");
    Ok(())
}

fn main() {}
