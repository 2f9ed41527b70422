//! RADIO and DISH are draft types: zmq_join is not in a libzmq that was built without them.
use zmq_typestate::{Group, Result};

async fn example() -> Result<()> {
    println!("{:?}", Group::new("weather")?);
    Ok(())
}

fn main() {}
