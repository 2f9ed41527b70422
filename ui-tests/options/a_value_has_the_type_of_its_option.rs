//! zmq_setsockopt answers EINVAL to a value of another width than the option has.
use zmq_typestate::{Context, Pull, Result};

fn example(context: &Context, limit: i32) -> Result<()> {
    context.socket::<Pull>()?.max_message_size(limit).close();
    Ok(())
}

fn main() {}
