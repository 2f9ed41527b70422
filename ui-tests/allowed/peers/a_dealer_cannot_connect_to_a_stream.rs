//! STREAM speaks plain TCP: a DEALER would wait for a handshake that never comes.
use zmq_typestate::{Address, Context, Dealer, Result, Router};

async fn example(context: &Context) -> Result<()> {
    const WEB: Address<Router> = Address::tcp("127.0.0.1:8080");
    let client = context.socket::<Dealer>()?.connect(WEB)?;
    client.close();
    Ok(())
}

fn main() {}
