//! RADIO and DISH are draft types: zmq_join is not in a libzmq that was built without them.
use zmq_typestate::{Result, Topic};

async fn example() -> Result<()> {
    println!("{:?}", Topic::from("weather"));
    Ok(())
}

fn main() {}
