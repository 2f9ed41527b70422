//! Work for many hands: a SCATTER hands ranges of numbers to workers, which count the primes in them; a GATHER takes the
//! results. Both are shared: a worker that has several threads uses one socket for all of them, without a lock.
//!
//!     cargo run --release --all-features --example scatter_gather [-- LIMIT]

use std::thread;

use zmq_typestate::{Address, Context, Error, Gather, Result, Scatter};

const RANGE: u64 = 10_000;
const WORKERS: usize = 2;
const THREADS: usize = 2;

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let limit: u64 = std::env::args().nth(1).as_deref().unwrap_or("1000000").parse()?;
    let context = Context::new()?;
    let mut jobs = context.socket::<Scatter>()?.bind("tcp://127.0.0.1:*")?;
    let mut results = context.socket::<Gather>()?.bind("tcp://127.0.0.1:*")?;

    // They could as well be other programs, on other machines.
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (context, jobs, results) = (context.clone(), jobs.address(), results.address());
            thread::spawn(move || work(&context, &jobs, &results))
        })
        .collect();

    let ranges = limit.div_ceil(RANGE);
    let send = async {
        for range in 0..ranges {
            let (from, to) = (range * RANGE, limit.min((range + 1) * RANGE));
            jobs.send([from.to_be_bytes(), to.to_be_bytes()].concat()).await?;
        }
        Ok::<_, Error>(())
    };
    let collect = async {
        let mut primes = 0;
        for _ in 0..ranges {
            primes += number(&results.recv().await?);
        }
        Ok(primes)
    };
    let ((), primes) = tokio::try_join!(send, collect)?;
    println!("{primes} primes below {limit}");

    context.shutdown();
    for worker in workers {
        worker.join().map_err(|_| "a worker panicked")??;
    }
    Ok(())
}

/// Counts in every thread what it gets, until the context ends.
fn work(context: &Context, jobs: &Address<Scatter>, results: &Address<Gather>) -> Result<()> {
    let jobs = context.socket::<Gather>()?.connect(jobs)?.share();
    let results = context.socket::<Scatter>()?.connect(results)?.share();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Ok(job) = jobs.blocking_recv() {
                    let (from, to) = job.split_at(job.len() / 2);
                    let primes = (number(from)..number(to)).filter(|&number| is_prime(number)).count() as u64;
                    if results.blocking_send(primes.to_be_bytes()).is_err() {
                        break;
                    }
                }
            });
        }
    });
    Ok(())
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn is_prime(number: u64) -> bool {
    number > 1 && (2..).take_while(|divisor| divisor * divisor <= number).all(|divisor| !number.is_multiple_of(divisor))
}
