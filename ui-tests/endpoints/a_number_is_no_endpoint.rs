//! libzmq wants text like tcp://127.0.0.1:5555.
use zmq_typestate::{Context, Push, Result};

async fn example(context: &Context) -> Result<()> {
    let port = 5555;
    context.socket::<Push>()?.connect(port)?.close();
    Ok(())
}

fn main() {}
