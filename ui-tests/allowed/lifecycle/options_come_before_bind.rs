//! An option that is set after bind does not reach the listener: libzmq ignores it in silence.
use zmq_typestate::{Context, Hwm, Push, Result};

async fn example(context: &Context) -> Result<()> {
    let feed = context.socket::<Push>()?.send_hwm(Hwm::messages(10));
    let feed = feed.bind("tcp://127.0.0.1:*")?;
    feed.close();
    Ok(())
}

fn main() {}
