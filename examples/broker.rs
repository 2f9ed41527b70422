//! A request/reply broker: clients ask a REQ question, workers answer it as REP, and neither knows of the other.
//!
//! `broker` shows it in one process; `broker FRONTEND BACKEND` runs the broker alone, as
//! `broker tcp://*:5559 tcp://*:5560`, until Ctrl-C.

use zmq_typestate::{Address, Context, Dealer, Proxy, Rep, Req, Result, Router};

async fn work(context: Context, at: Address<Dealer>) -> Result<()> {
    let mut worker = context.socket::<Rep>()?.connect(at)?;
    worker.serve(async |question| question.to_ascii_uppercase()).await
}

async fn ask(context: Context, at: Address<Router>, client: usize) -> Result<usize> {
    let mut client_socket = context.socket::<Req>()?.connect(at)?;
    let mut answered = 0;
    for question in 0..100 {
        let answer = client_socket.request(format!("question {question} of {client}")).await?;
        answered += usize::from(answer == format!("QUESTION {question} OF {client}"));
    }
    Ok(answered)
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (frontend, backend) = match &arguments[..] {
        [frontend, backend] => (frontend.as_str(), backend.as_str()),
        _ => ("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"),
    };
    let context = Context::new()?;
    let clients = context.socket::<Router>()?.bind(frontend)?;
    let workers = context.socket::<Dealer>()?.bind(backend)?;
    let (for_clients, for_workers) = (clients.address(), workers.address());
    let broker = Proxy::new(clients, workers).spawn()?;

    if arguments.len() == 2 {
        println!("clients connect to {for_clients}, workers to {for_workers}");
        let _ = tokio::signal::ctrl_c().await;
    } else {
        for _ in 0..3 {
            tokio::spawn(work(context.clone(), for_workers.clone()));
        }
        let asking: Vec<_> =
            (0..10).map(|client| tokio::spawn(ask(context.clone(), for_clients.clone(), client))).collect();
        let mut answered = 0;
        for client in asking {
            answered += client.await.unwrap_or(Ok(0))?;
        }
        println!("{answered} questions answered");
    }
    // What is under way is forwarded first.
    let ended = broker.drain().await?;
    println!("{} requests, {} replies", ended.stats.to_backend.messages, ended.stats.to_frontend.messages);
    Ok(())
}
