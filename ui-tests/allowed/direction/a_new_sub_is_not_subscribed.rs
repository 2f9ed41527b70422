//! SUB drops every message until it subscribes, in silence.
use zmq_typestate::{Context, Result, Sub};

async fn example(context: &Context) -> Result<()> {
    let sub = context.socket::<Sub>()?.connect("tcp://127.0.0.1:5556")?;
    let mut news = sub.subscribe("weather");
    println!("{:?}", news.recv().await?);
    Ok(())
}

fn main() {}
