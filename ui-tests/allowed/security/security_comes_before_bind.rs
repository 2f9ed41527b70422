//! A security option that is set after bind does not reach the listener: anybody can connect.
use zmq_typestate::{Context, PlainServer, Pull, Result};

fn example(context: &Context, staff: &PlainServer) -> Result<()> {
    context.socket::<Pull>()?.plain_server(staff).bind("tcp://127.0.0.1:*")?.close();
    Ok(())
}

fn main() {
    let _ = example;
}
