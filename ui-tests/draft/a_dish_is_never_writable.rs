//! zmq_poll calls a DISH writable all the time, and zmq_send answers ENOTSUP: whoever waits for room spins.
use zmq_typestate::{Bound, Dish, Result, Socket};

async fn example(mut socket: Socket<Dish, Bound>) -> Result<()> {
    while socket.try_send("hello").is_err() {
        tokio::task::yield_now().await;
    }
    Ok(())
}

fn main() {}
