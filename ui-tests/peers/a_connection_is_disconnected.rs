//! zmq_unbind of an endpoint that was connected works in silence, and ends the connection.
use zmq_typestate::{Bound, Connected, Pull, Push, Result, Socket};

fn example(feed: &mut Socket<Push, Connected>, jobs: &Socket<Pull, Bound>) -> Result<()> {
    feed.unbind(jobs.address())
}

fn main() {
    let _ = example;
}
