//! zmq_socket on a context that has been terminated is EFAULT, or memory that was freed.
use zmq_typestate::{Context, Pull, Result};

async fn example(context: Context) -> Result<()> {
    context.socket::<Pull>()?.close();
    context.terminate().await;
    Ok(())
}

fn main() {}
