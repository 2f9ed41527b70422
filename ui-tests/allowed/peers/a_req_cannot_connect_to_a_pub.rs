//! REQ and PUB do not match: libzmq drops the handshake in silence.
use zmq_typestate::{Address, Context, Rep, Req, Result};

async fn example(context: &Context) -> Result<()> {
    const CLOCK: Address<Rep> = Address::tcp("127.0.0.1:5555");
    let client = context.socket::<Req>()?.connect(CLOCK)?;
    client.close();
    Ok(())
}

fn main() {}
