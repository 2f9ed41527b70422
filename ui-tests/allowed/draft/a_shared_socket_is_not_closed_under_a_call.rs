//! zmq_close while another thread waits in zmq_recv frees what it waits on.
use zmq_typestate::{Bound, Gather, Result, Shared};

async fn example(gather: Shared<Gather, Bound>) -> Result<()> {
    let receiving = gather.recv();
    println!("{:?}", receiving.await?);
    drop(gather);
    Ok(())
}

fn main() {}
