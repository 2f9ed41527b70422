//! STREAM speaks plain TCP: libzmq ignores its security options in silence.
use zmq_typestate::{Context, PlainServer, Result, Router};

fn example(context: &Context, staff: &PlainServer) -> Result<()> {
    context.socket::<Router>()?.plain_server(staff).close();
    Ok(())
}

fn main() {
    let _ = example;
}
