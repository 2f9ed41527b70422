//! zmq_proxy with a closed socket is ENOTSOCK, or memory that was freed.
use zmq_typestate::{Bound, Proxy, Pull, Push, Socket};

fn example(jobs: Socket<Pull, Bound>, workers: Socket<Push, Bound>) {
    jobs.close();
    drop(Proxy::new(jobs, workers));
}

fn main() {}
