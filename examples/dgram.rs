//! A counter service in the manner of statsd: a DGRAM takes `name:number|c` from anybody who speaks UDP, and answers `name?`
//! with the sum.
//!
//!     cargo run --all-features --example dgram                                  # the service and a few clients
//!     cargo run --all-features --example dgram udp://127.0.0.1:8125             # the service alone; from a shell:
//!     echo -n "visits:3|c" > /dev/udp/127.0.0.1/8125

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use tokio::net::UdpSocket;
use zmq_typestate::{Bound, Context, Dgram, Error, Result, Socket};

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let context = Context::new()?;
    if let Some(endpoint) = std::env::args().nth(1) {
        let service = context.socket::<Dgram>()?.bind(endpoint)?;
        println!("counting at {}", service.address());
        return Ok(count(service).await?);
    }
    let service = context.socket::<Dgram>()?.bind("udp://127.0.0.1:*")?;
    let port = service.address().port().ok_or("a udp address has a port")?;
    tokio::select! {
        counted = count(service) => Ok(counted?),
        asked = ask(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port)) => Ok(asked?),
    }
}

async fn count(mut service: Socket<Dgram, Bound>) -> Result<()> {
    let mut counters: HashMap<String, i64> = HashMap::new();
    loop {
        let (sender, datagram) = service.recv().await?;
        // Strangers may send anything: what is no counter is ignored.
        let Some(text) = datagram.as_str().map(str::trim) else { continue };
        if let Some(name) = text.strip_suffix('?') {
            let sum = counters.get(name).copied().unwrap_or(0);
            match service.send_to(&sender, sum.to_string()).await {
                Ok(()) | Err(Error::Unroutable { .. }) => {}
                Err(error) => return Err(error),
            }
        } else if let Some((name, number)) = text.strip_suffix("|c").and_then(|counter| counter.split_once(':'))
            && let Ok(number) = number.parse::<i64>()
        {
            let counter = counters.entry(name.into()).or_default();
            *counter = counter.saturating_add(number);
        }
    }
}

/// A client needs no ZeroMQ.
async fn ask(service: SocketAddrV4) -> std::io::Result<()> {
    let client = UdpSocket::bind("127.0.0.1:0").await?;
    // Until it answers: a datagram may get lost, and libzmq binds the port a moment later than `bind` returns.
    ask_for(&client, service, "ready").await?;
    for visit in 1..=10 {
        client.send_to(format!("visits:{visit}|c").as_bytes(), service).await?;
    }
    client.send_to(b"what is this?!", service).await?;
    println!("{} visits", ask_for(&client, service, "visits").await?);
    Ok(())
}

async fn ask_for(client: &UdpSocket, service: SocketAddrV4, name: &str) -> std::io::Result<String> {
    let mut answer = [0; 32];
    loop {
        client.send_to(format!("{name}?").as_bytes(), service).await?;
        if let Ok(len) = tokio::time::timeout(Duration::from_millis(100), client.recv(&mut answer)).await {
            return Ok(String::from_utf8_lossy(&answer[..len?]).into_owned());
        }
    }
}
