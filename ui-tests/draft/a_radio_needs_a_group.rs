//! RADIO without a group sends to the group "", which nobody has joined: dropped in silence.
use zmq_typestate::{Bound, Radio, Result, Socket, group};

async fn example(mut socket: Socket<Radio, Bound>) -> Result<()> {
    let weather = group!("weather");
    socket.send("sunny").await?;
    println!("{weather}");
    Ok(())
}

fn main() {}
