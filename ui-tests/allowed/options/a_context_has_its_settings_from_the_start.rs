//! ZMQ_IO_THREADS is ignored once the context has a socket, and zmq_ctx_set returns 0.
use zmq_typestate::{Context, Result};

fn example() -> Result<Context> {
    let context = Context::builder().io_threads(4).build()?;
    Ok(context)
}

fn main() {}
