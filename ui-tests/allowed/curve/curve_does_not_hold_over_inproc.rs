//! Over inproc libzmq ignores CURVE in silence: anybody can connect, and nothing is encrypted.
use zmq_typestate::{Context, CurveServer, Pull, Result, tcp};

fn example(context: &Context, server: &CurveServer) -> Result<()> {
    let jobs = context.socket::<Pull>()?.curve_server(server);
    jobs.bind(tcp!("127.0.0.1:*"))?.close();
    Ok(())
}

fn main() {
    let _ = example;
}
