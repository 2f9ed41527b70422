//! RADIO sends to a group, which has to be the same at the DISH, not a prefix as a topic is.
use zmq_typestate::{Bound, Group, Radio, Result, Socket};

async fn example(mut socket: Socket<Radio, Bound>) -> Result<()> {
    let weather = Group::new("weather")?;
    socket.send_to(&weather, "sunny").await?;
    Ok(())
}

fn main() {}
