//! An engine and its control room, joined by one CHANNEL: any thread of either side sends and receives at once. Commands go
//! one way while measurements come the other way; neither waits for the other.
//!
//!     cargo run --all-features --example channel

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use zmq_typestate::{Address, Bound, Channel, Connected, Context, Error, Result, Shared};

const ENGINE: Address<Channel> = Address::inproc("engine");

#[tokio::main]
async fn main() -> Result<()> {
    let context = Context::new()?;
    let engine = context.socket::<Channel>()?.bind(ENGINE)?;
    let control = context.socket::<Channel>()?.connect(ENGINE)?;
    let running = tokio::spawn(run(engine.share()));
    command(control.share()).await?;
    running.await.unwrap_or(Ok(()))
}

/// Turns at the speed that it is told, and measures it all the time, from two tasks.
async fn run(channel: Shared<Channel, Bound>) -> Result<()> {
    let (speed, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
    let obey = async {
        loop {
            let command = channel.recv().await?;
            match command.as_str().and_then(|text| text.split_once(' ')) {
                Some(("speed", value)) => speed.store(value.parse().unwrap_or(0), Ordering::Relaxed),
                _ => {
                    stopped.store(true, Ordering::Relaxed);
                    return Ok::<_, Error>(());
                }
            }
        }
    };
    let measure = async {
        while !stopped.load(Ordering::Relaxed) {
            channel.send(format!("turning at {}", speed.load(Ordering::Relaxed))).await?;
            tokio::task::yield_now().await;
        }
        channel.send("stopped").await
    };
    tokio::try_join!(obey, measure)?;
    Ok(())
}

/// Speeds up, and looks at the measurements until each speed is reached.
async fn command(channel: Shared<Channel, Connected>) -> Result<()> {
    for speed in [100, 200, 300] {
        channel.send(format!("speed {speed}")).await?;
        let reached = format!("turning at {speed}");
        while channel.recv().await? != reached {}
        println!("{reached}");
    }
    channel.send("stop").await?;
    while channel.recv().await? != "stopped" {}
    println!("stopped");
    Ok(())
}
