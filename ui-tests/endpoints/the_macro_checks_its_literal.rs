//! libzmq takes port 99999 for 34463.
use zmq_typestate::{Context, Pull, Result, tcp};

fn example(context: &Context) -> Result<()> {
    let jobs = context.socket::<Pull>()?.bind(tcp!("127.0.0.1:99999"))?;
    jobs.close();
    Ok(())
}

fn main() {}
