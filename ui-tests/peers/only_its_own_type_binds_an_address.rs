//! A PUSH at the address of a PULL: every peer of the topology would be refused in silence.
use zmq_typestate::{Address, Context, Pull, Push, Result};

async fn example(context: &Context) -> Result<()> {
    const JOBS: Address<Pull> = Address::tcp("127.0.0.1:5557");
    let feed = context.socket::<Push>()?.bind(JOBS)?;
    feed.close();
    Ok(())
}

fn main() {}
