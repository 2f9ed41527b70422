//! libzmq accepts STREAM over ipc and inproc in silence; a REQ at the other end aborts the process.
use zmq_typestate::{Context, Result, Stream, ipc, tcp};

async fn example(context: &Context) -> Result<()> {
    drop(tcp!("127.0.0.1:8080"));
    context.socket::<Stream>()?.bind(ipc!("/run/web.sock"))?.close();
    Ok(())
}

fn main() {}
