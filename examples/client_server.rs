//! A key-value store: one SERVER, shared by several tasks that answer, and CLIENTs, each shared by several tasks that ask.
//!
//!     cargo run --all-features --example client_server                          # a store and its clients in one process
//!     cargo run --all-features --example client_server serve tcp://127.0.0.1:5570
//!     cargo run --all-features --example client_server ask tcp://127.0.0.1:5570 set colour green
//!     cargo run --all-features --example client_server ask tcp://127.0.0.1:5570 get colour

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;
use zmq_typestate::{Address, Bound, Client, Context, Error, Result, Server, Shared};

type Store = Arc<Mutex<HashMap<String, String>>>;

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let context = Context::new()?;
    match arguments[..] {
        [] => demonstrate(&context).await?,
        ["serve", endpoint] => {
            let server = context.socket::<Server>()?.bind(endpoint)?.share();
            println!("serving at {}", server.address());
            tokio::select! {
                served = serve(server, 4) => served?,
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        ["ask", endpoint, ref words @ ..] => {
            let mut client = context.socket::<Client>()?.connect(endpoint)?;
            client.send(words.join(" ")).await?;
            println!("{}", client.recv().await?.as_str().unwrap_or("not text"));
        }
        _ => return Err("usage: client_server [serve ENDPOINT | ask ENDPOINT WORDS..]".into()),
    }
    Ok(())
}

/// Answers, in so many tasks at once, until the context ends.
async fn serve(server: Shared<Server, Bound>, tasks: usize) -> Result<()> {
    let store = Store::default();
    let mut workers = JoinSet::new();
    for _ in 0..tasks {
        let (server, store) = (server.clone(), store.clone());
        workers.spawn(async move {
            loop {
                let (client, request) = server.recv().await?;
                let reply = answer(&store, request.as_str().unwrap_or_default());
                match server.send_to(&client, reply).await {
                    // The client has gone: its answer is nobody's.
                    Ok(()) | Err(Error::Unroutable { .. }) => {}
                    Err(error) => return Err::<(), _>(error),
                }
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        match worker {
            Ok(Ok(())) | Ok(Err(Error::ContextTerminated { .. })) | Err(_) => {}
            Ok(Err(error)) => return Err(error),
        }
    }
    Ok(())
}

fn answer(store: &Store, request: &str) -> String {
    // A poisoned lock only means that a task panicked: the map is whole.
    let mut store = store.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    match *request.split_whitespace().collect::<Vec<_>>() {
        ["get", key] => store.get(key).cloned().unwrap_or_else(|| format!("no {key}")),
        ["set", key, value] => store.insert(key.into(), value.into()).unwrap_or_else(|| "new".into()),
        ["count"] => store.len().to_string(),
        _ => "get KEY, set KEY VALUE or count".into(),
    }
}

/// Ten clients write a hundred keys each, then one of them counts.
async fn demonstrate(context: &Context) -> Result<()> {
    let server = context.socket::<Server>()?.bind("tcp://127.0.0.1:*")?.share();
    let address: Address<Server> = server.address();
    let serving = tokio::spawn(serve(server, 4));
    let mut clients = JoinSet::new();
    for number in 0..10 {
        let mut client = context.socket::<Client>()?.connect(&address)?;
        clients.spawn(async move {
            for key in 0..100 {
                client.send(format!("set key-{number}-{key} {}", number * key)).await?;
                client.recv().await?;
            }
            Ok::<_, Error>(client)
        });
    }
    let mut last = None;
    while let Some(Ok(client)) = clients.join_next().await {
        last = Some(client?);
    }
    if let Some(mut client) = last {
        client.send("count").await?;
        println!("{} keys", client.recv().await?.as_str().unwrap_or("not text"));
        client.send("get key-7-6").await?;
        println!("key-7-6 is {}", client.recv().await?.as_str().unwrap_or("not text"));
    }
    context.shutdown();
    serving.await.unwrap_or(Ok(()))
}
