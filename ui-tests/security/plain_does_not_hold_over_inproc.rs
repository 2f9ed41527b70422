//! Over inproc libzmq ignores PLAIN in silence: anybody can connect without a password.
use zmq_typestate::{Context, PlainServer, Pull, Result, inproc};

fn example(context: &Context, staff: &PlainServer) -> Result<()> {
    let jobs = context.socket::<Pull>()?.plain_server(staff);
    jobs.bind(inproc!("jobs"))?.close();
    Ok(())
}

fn main() {
    let _ = example;
}
