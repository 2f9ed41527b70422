//! STREAM speaks plain TCP: libzmq ignores its security options in silence.
use zmq_typestate::{Context, PlainServer, Result, Stream};

fn example(context: &Context, staff: &PlainServer) -> Result<()> {
    context.socket::<Stream>()?.plain_server(staff).close();
    Ok(())
}

fn main() {
    let _ = example;
}
