//! A rumour that goes round: PEERs without a server among them. Each connects to some others, and tells what it hears for the
//! first time to everybody it knows: those it has connected to, and those who have written to it.
//!
//!     cargo run --all-features --example peer [-- NODES]

use std::collections::HashSet;

use tokio::sync::mpsc;
use zmq_typestate::{Address, Bound, Context, Error, Peer, Result, RoutingId, Socket};

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let nodes: usize = std::env::args().nth(1).as_deref().unwrap_or("20").parse()?;
    let context = Context::new()?;
    let (heard, mut reports) = mpsc::unbounded_channel();

    // Each node knows the one before it, and one far away: a small world.
    let mut addresses: Vec<Address<Peer>> = Vec::new();
    for number in 0..nodes {
        let mut node = Node::new(number, &context)?;
        let address = node.socket.address();
        for other in [number.checked_sub(1), (number > 2).then_some(number / 2)].into_iter().flatten() {
            node.connect(&addresses[other])?;
        }
        addresses.push(address);
        tokio::spawn(node.run(heard.clone()));
    }

    // The first one to know is the last one that came.
    let last = addresses.last().ok_or("a rumour needs somebody to hear it")?;
    let (id, mut whisperer) = context.socket::<Peer>()?.connect_peer(last)?;
    whisperer.send_to(&id, "the cat is in the cellar").await?;
    let mut know = HashSet::new();
    while know.len() < nodes {
        tokio::select! {
            report = reports.recv() => {
                let (number, rumour) = report.ok_or("every node has gone")?;
                if know.insert(number) && know.len() == nodes {
                    println!("all {nodes} nodes know that {rumour}");
                }
            }
            // It comes back to whoever began it.
            echo = whisperer.recv() => drop(echo?),
        }
    }
    context.shutdown();
    Ok(())
}

struct Node {
    number: usize,
    socket: Socket<Peer, Bound>,
    known: HashSet<RoutingId<Peer>>,
    rumours: HashSet<Vec<u8>>,
}

impl Node {
    fn new(number: usize, context: &Context) -> Result<Self> {
        let socket = context.socket::<Peer>()?.bind("tcp://127.0.0.1:*")?;
        Ok(Self { number, socket, known: HashSet::new(), rumours: HashSet::new() })
    }

    fn connect(&mut self, other: &Address<Peer>) -> Result<()> {
        self.known.insert(self.socket.also_connect_peer(other)?);
        Ok(())
    }

    async fn run(mut self, heard: mpsc::UnboundedSender<(usize, String)>) -> Result<()> {
        loop {
            let (from, rumour) = self.socket.recv().await?;
            if self.known.insert(from) {
                // Somebody new: they should hear everything too.
                for old in &self.rumours {
                    self.socket.send_to(&from, &old[..]).await?;
                }
            }
            if !self.rumours.insert(rumour.to_vec()) {
                continue;
            }
            // Whoever listened may have heard enough by now.
            let _ = heard.send((self.number, String::from_utf8_lossy(&rumour).into_owned()));
            for peer in self.known.clone() {
                match self.socket.send_to(&peer, &rumour[..]).await {
                    Ok(()) => {}
                    Err(Error::Unroutable { .. }) => drop(self.known.remove(&peer)),
                    Err(error) => return Err(error),
                }
            }
        }
    }
}
