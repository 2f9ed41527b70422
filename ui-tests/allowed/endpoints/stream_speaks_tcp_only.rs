//! libzmq accepts STREAM over ipc and inproc in silence; a REQ at the other end aborts the process.
use zmq_typestate::{Context, Result, Stream, ipc, tcp};

async fn example(context: &Context) -> Result<()> {
    drop(ipc!("/run/web.sock"));
    context.socket::<Stream>()?.bind(tcp!("127.0.0.1:8080"))?.close();
    Ok(())
}

fn main() {}
