//! Of ZMQ_PLAIN_SERVER and ZMQ_PLAIN_USERNAME the last one wins, in silence.
use zmq_typestate::{Context, PlainClient, PlainServer, Pull, Result};

fn example(context: &Context, staff: &PlainServer, ann: &PlainClient) -> Result<()> {
    context.socket::<Pull>()?.plain_server(staff).plain_client(ann).close();
    Ok(())
}

fn main() {
    let _ = example;
}
