//! A streamer: whoever has work pushes it to one side, workers pull it from the other, and come and go as they like.
//!
//! `streamer` shows it in one process; `streamer FRONTEND BACKEND` runs it alone, as `streamer tcp://*:5561 tcp://*:5562`,
//! until Ctrl-C.

use zmq_typestate::{Address, Context, Message, Proxy, Pull, Push, Result};

/// Adds up numbers until an empty message comes.
async fn add(context: Context, at: Address<Push>) -> Result<u64> {
    let mut work = context.socket::<Pull>()?.connect(at)?;
    let mut sum = 0;
    loop {
        let number = work.recv().await?;
        if number.is_empty() {
            return Ok(sum);
        }
        sum += number.as_str().and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (frontend, backend) = match &arguments[..] {
        [frontend, backend] => (frontend.as_str(), backend.as_str()),
        _ => ("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"),
    };
    let context = Context::new()?;
    let incoming = context.socket::<Pull>()?.bind(frontend)?;
    let mut outgoing = context.socket::<Push>()?;
    let mut monitor = outgoing.monitor()?;
    let outgoing = outgoing.bind(backend)?;
    let (for_feeds, for_workers) = (incoming.address(), outgoing.address());
    let streamer = Proxy::new(incoming, outgoing).spawn()?;

    if arguments.len() == 2 {
        println!("feeds connect to {for_feeds}, workers to {for_workers}");
        let _ = tokio::signal::ctrl_c().await;
    } else {
        let workers = [(); 2].map(|()| tokio::spawn(add(context.clone(), for_workers.clone())));
        // Or the first one gets everything.
        monitor.wait_connected(workers.len()).await?;
        let mut feed = context.socket::<Push>()?.connect(for_feeds)?;
        for number in 1..=10_000 {
            feed.send(format!("{number}")).await?;
        }
        for _ in &workers {
            feed.send(Message::new()).await?;
        }
        let mut sum = 0;
        for worker in workers {
            sum += worker.await.unwrap_or(Ok(0))?;
        }
        println!("the sum is {sum}");
    }
    let ended = streamer.drain().await?;
    println!("{} messages", ended.stats.to_backend.messages);
    Ok(())
}
