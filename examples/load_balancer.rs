//! A broker that knows which worker is free: each asks for work when it is ready, and the one that has waited longest gets the
//! next request. (A `Proxy` between ROUTER and DEALER hands requests out in turn, also to a worker that is busy.)
//!
//! `load_balancer` shows it in one process, with one worker that is slow; `load_balancer FRONTEND BACKEND` runs the broker alone.

use std::collections::VecDeque;
use std::time::Duration;

use zmq_typestate::{Address, Bound, Context, Envelope, Multipart, Req, Result, Router, Socket};

/// Requests go from the clients to the workers, each in the envelope that brings the answer back.
async fn balance(mut clients: Socket<Router, Bound>, mut workers: Socket<Router, Bound>) -> Result<()> {
    let mut ready: VecDeque<Envelope> = VecDeque::new();
    let mut asked: VecDeque<Multipart> = VecDeque::new();
    loop {
        // The receive that is given up loses no message: both are cancel safe.
        tokio::select! {
            request = clients.recv_request() => {
                let (client, question) = request?;
                asked.push_back(client.pack(question));
            }
            answer = workers.recv_request() => {
                let (worker, answer) = answer?;
                ready.push_back(worker);
                // The first message of a worker is in no client's envelope: it only says that it is ready.
                if let Ok((client, answer)) = Envelope::unpack(answer) {
                    // A client that has gone, or reads nothing, does not hold up the others.
                    let _ = clients.try_reply(client, answer);
                }
            }
        }
        while !asked.is_empty() && !ready.is_empty() {
            if let (Some(worker), Some(request)) = (ready.pop_front(), asked.pop_front()) {
                let _ = workers.try_reply(worker, request);
            }
        }
    }
}

/// A worker is a REQ: it asks for work, and with each answer for more.
async fn work(context: Context, at: Address<Router>, pause: Duration) -> Result<usize> {
    let mut socket = context.socket::<Req>()?.connect(at)?;
    let mut answer = Multipart::from(["ready"]);
    let mut answered = 0;
    // Until the context ends.
    while let Ok(request) = socket.request_multipart(answer).await {
        let (client, question) = Envelope::unpack(request)?;
        tokio::time::sleep(pause).await;
        answer = client.pack(question);
        answered += 1;
    }
    Ok(answered)
}

async fn ask(context: Context, at: Address<Router>) -> Result<()> {
    let mut socket = context.socket::<Req>()?.connect(at)?;
    for question in 0..50 {
        let question = format!("question {question}");
        assert_eq!(socket.request(question.as_str()).await?, question);
    }
    Ok(())
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
    let workers = context.socket::<Router>()?.bind(backend)?;
    let (for_clients, for_workers) = (clients.address(), workers.address());
    let balancing = tokio::spawn(balance(clients, workers));
    if arguments.len() == 2 {
        println!("clients connect to {for_clients}, workers to {for_workers}");
        return balancing.await.unwrap_or(Ok(()));
    }

    let slow = tokio::spawn(work(context.clone(), for_workers.clone(), Duration::from_millis(50)));
    let fast = tokio::spawn(work(context.clone(), for_workers, Duration::from_millis(1)));
    let asking = [(); 8].map(|()| tokio::spawn(ask(context.clone(), for_clients.clone())));
    for client in asking {
        client.await.unwrap_or(Ok(()))?;
    }
    context.shutdown();
    let (slow, fast) = (slow.await.unwrap_or(Ok(0))?, fast.await.unwrap_or(Ok(0))?);
    println!("{} answers, the fast worker gave {} times as many", slow + fast, fast / slow.max(1));
    Ok(())
}
