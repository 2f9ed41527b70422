//! RADIO sends to a group, which has to be the same at the DISH, not a prefix as a topic is.
use zmq_typestate::{Bound, Radio, Result, Socket, Topic};

async fn example(mut socket: Socket<Radio, Bound>) -> Result<()> {
    let weather = Topic::from("weather");
    socket.send_to(&weather, "sunny").await?;
    Ok(())
}

fn main() {}
