//! What many sockets cost: time and memory for each idle socket and each connection, and what one pair that is active loses
//! among them. All in one process, on a current-thread runtime; each idle socket has a task that waits for it.

mod rounds;

use std::fs;
use std::num::NonZeroU16;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::task::{JoinHandle, yield_now};
use zmq_typestate::{Bound, Connected, Context, Error, Pull, Push, Result, Socket};

use rounds::median;

const IDLE: [usize; 5] = [1, 10, 100, 1000, 5000];
const CONNECTIONS: usize = 1000;
const MESSAGES: usize = 100_000;
const ROUNDS: usize = 15;

fn main() -> Result<()> {
    // Each socket has a descriptor, or two on the stock libzmq.
    let descriptors = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(1024);
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        println!(
            "| idle inproc sockets | time for each | memory for each | messages of the active pair | of those alone |"
        );
        println!("|---|---|---|---|---|");
        for count in IDLE {
            if count as u64 * 2 + 100 > descriptors {
                println!("| {count} | - | - | - | too few descriptors: {descriptors} |");
                continue;
            }
            idle(count).await?;
        }
        println!(
            "\n| tcp connections | time for each | memory for each, both ends with their sockets |\n|---|---|---|"
        );
        connections(CONNECTIONS).await
    })?;
    // Without waiting for 5000 sockets to be closed.
    std::process::exit(0);
}

fn context() -> Result<Context> {
    Context::builder().max_sockets(NonZeroU16::MAX).build()
}

async fn idle(count: usize) -> Result<()> {
    let alone = &mut Pair::new(&context()?)?;
    let context = context()?;
    let among = &mut Pair::new(&context)?;
    let (begun, before) = (Instant::now(), resident());
    let waiting = (0..count).map(|number| wait(&context, number)).collect::<Result<Vec<_>>>()?;
    yield_now().await;
    let (time, memory) = (begun.elapsed(), resident() - before);

    let (mut rates, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (with, without) = (among.rate().await?, alone.rate().await?);
        rates.push(with);
        ratios.push(with / without);
    }
    let (time, memory) = (per(time, count), memory / count as f64);
    println!("| {count} | {time:.1} us | {memory:.1} KiB | {:.0}/s | {:.2} |", median(rates), median(ratios));
    waiting.iter().for_each(JoinHandle::abort);
    Ok(())
}

fn wait(context: &Context, number: usize) -> Result<JoinHandle<()>> {
    let mut pull = context.socket::<Pull>()?.bind(format!("inproc://idle-{number}"))?;
    Ok(tokio::spawn(async move { drop(pull.recv().await) }))
}

struct Pair(Socket<Push, Connected>, Socket<Pull, Bound>);

impl Pair {
    fn new(context: &Context) -> Result<Self> {
        let pull = context.socket::<Pull>()?.bind("inproc://active")?;
        Ok(Self(context.socket::<Push>()?.connect(pull.address())?, pull))
    }

    /// Messages of 64 bytes a second.
    async fn rate(&mut self) -> Result<f64> {
        let Self(push, pull) = self;
        let begun = Instant::now();
        let sending = async {
            for _ in 0..MESSAGES {
                push.send([7; 64]).await?;
            }
            Ok::<_, Error>(())
        };
        let receiving = async {
            for _ in 0..MESSAGES {
                pull.recv().await?;
            }
            Ok::<_, Error>(())
        };
        tokio::try_join!(sending, receiving)?;
        Ok(MESSAGES as f64 / begun.elapsed().as_secs_f64())
    }
}

async fn connections(count: usize) -> Result<()> {
    let context = context()?;
    let mut pull = context.socket::<Pull>()?.bind("tcp://127.0.0.1:*")?;
    let (begun, before) = (Instant::now(), resident());
    let mut pushes = Vec::new();
    for _ in 0..count {
        let mut push = context.socket::<Push>()?.connect(pull.address())?;
        push.send("here").await?;
        pushes.push(push);
        // One after the other: more at once than the backlog holds would be tried again by the system, after a second.
        pull.recv().await?;
    }
    let (time, memory) = (begun.elapsed(), resident() - before);
    println!("| {count} | {:.1} us | {:.1} KiB |", per(time, count), memory / count as f64);
    Ok(())
}

fn per(time: Duration, count: usize) -> f64 {
    time.as_secs_f64() * 1e6 / count as f64
}

/// KiB of memory that are in use.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("/proc, of Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
