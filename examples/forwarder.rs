//! A forwarder: publishers connect to one side, subscribers to the other, and subscriptions go through to the publishers, so
//! that only what somebody wants crosses the wire.
//!
//! `forwarder` shows it in one process; `forwarder FRONTEND BACKEND` runs it alone, as `forwarder tcp://*:5557 tcp://*:5558`,
//! until Ctrl-C.

use zmq_typestate::{Context, Proxy, Result, Sub, Subscription, XPub, XSub};

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (frontend, backend) = match &arguments[..] {
        [frontend, backend] => (frontend.as_str(), backend.as_str()),
        _ => ("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"),
    };
    let context = Context::new()?;
    let publishers = context.socket::<XSub>()?.bind(frontend)?;
    let subscribers = context.socket::<XPub>()?.bind(backend)?;
    let (for_publishers, for_subscribers) = (publishers.address(), subscribers.address());
    let forwarder = Proxy::new(publishers, subscribers).spawn()?;

    if arguments.len() == 2 {
        println!("publishers connect to {for_publishers}, subscribers to {for_subscribers}");
        let _ = tokio::signal::ctrl_c().await;
    } else {
        // An XPUB hears of who wants what: here it waits for that, and misses nobody.
        let mut weather = context.socket::<XPub>()?.connect(for_publishers)?;
        let mut oslo = context.socket::<Sub>()?.subscribe("oslo").connect(for_subscribers)?;
        while weather.recv().await? != Subscription::Subscribe("oslo".into()) {}
        for degrees in 10..15 {
            weather.send(format!("rome {}", degrees + 10)).await?;
            weather.send(format!("oslo {degrees}")).await?;
        }
        for _ in 0..5 {
            println!("{}", oslo.recv().await?.as_str().unwrap_or("?"));
        }
    }
    let ended = forwarder.stop().await?;
    println!("{} messages forwarded", ended.stats.to_backend.messages);
    Ok(())
}
