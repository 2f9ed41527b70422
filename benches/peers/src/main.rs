//! ZeroMQ libraries beside each other: builds the contenders, lets them run in turn, and tells how they did in `results.md`,
//! `results.csv` and `results.svg`.

mod chart;
mod results;
mod stage;
mod suite;
mod tables;

use std::error::Error;
use std::fs;
use std::io::{IsTerminal, Write, stderr};
use std::path::PathBuf;

use clap::Parser;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::results::{Results, Run};
use crate::suite::{CONTENDERS, REFERENCE, WORKLOADS};

/// Measures ZeroMQ libraries beside the blocking calls of the `zmq` crate
#[derive(Parser)]
struct Args {
    /// How often everybody runs everything
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Only workloads with one of these in their name
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<String>,
    /// Only these, and the reference
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    contenders: Vec<String>,
    /// Two rounds with a tenth of the messages: whether everything works
    #[arg(long, conflicts_with = "rounds")]
    quick: bool,
    /// Where the results go
    #[arg(long, default_value = ".", value_name = "DIRECTORY")]
    output: PathBuf,
    /// Lists the contenders and the workloads
    #[arg(long)]
    list: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    if args.list {
        println!("contenders:");
        CONTENDERS.iter().for_each(|contender| println!("  {}", contender.name));
        println!("workloads:");
        WORKLOADS.iter().for_each(|workload| println!("  {}", workload.name));
        return Ok(());
    }
    if let Some(name) = args.contenders.iter().find(|name| CONTENDERS.iter().all(|known| known.name != **name)) {
        return Err(format!("there is no contender {name}: see --list").into());
    }
    let rounds = if args.quick { 2 } else { args.rounds };
    let results = measure(&args, rounds)?;

    let text = tables::markdown(&results, rounds);
    println!("{text}");
    fs::create_dir_all(&args.output)?;
    fs::write(args.output.join("results.md"), text)?;
    fs::write(args.output.join("results.csv"), tables::csv(&results))?;
    fs::write(args.output.join("results.svg"), chart::draw(&results))?;
    Ok(())
}

fn measure(args: &Args, rounds: usize) -> Result<Results, Box<dyn Error>> {
    let chosen = |name: &str| args.only.is_empty() || args.only.iter().any(|part| name.contains(part));
    let workloads: Vec<_> = WORKLOADS.iter().enumerate().filter(|(_, workload)| chosen(workload.name)).collect();
    if workloads.is_empty() {
        return Err("no workload has that in its name: see --list".into());
    }

    // A thousand sockets need more descriptors than are usual; contenders inherit the limit.
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?;

    let mut progress = Progress::new();
    let mut ready = Vec::new();
    for (number, contender) in CONTENDERS.iter().enumerate() {
        if number == REFERENCE
            || args.contenders.is_empty()
            || args.contenders.iter().any(|name| name == contender.name)
        {
            progress.note(&format!("building {}", contender.name));
            match contender.build() {
                Ok(launch) => ready.push((number, launch)),
                Err(reason) => progress.note(&format!("without {}: {reason}", contender.name)),
            }
        }
    }
    if ready.first().is_none_or(|(number, _)| *number != REFERENCE) {
        return Err("nothing can be compared without the reference".into());
    }

    let mut results = Results::default();
    for round in 0..rounds {
        for (place, &(workload, description)) in workloads.iter().enumerate() {
            // Who goes first changes with the round: what ran before may have warmed or worn the machine.
            for (contender, launch) in ready.iter().cycle().skip(round % ready.len()).take(ready.len()) {
                if results.is_out(workload, *contender) {
                    continue;
                }
                let (number, last, name) = (place + 1, workloads.len(), CONTENDERS[*contender].name);
                progress.say(&format!(
                    "round {}/{rounds}, workload {number}/{last}: {}, {name}",
                    round + 1,
                    description.name
                ));
                let outcome = stage::run(&CONTENDERS[*contender], launch, description, args.quick);
                results.push(Run { round, workload, contender: *contender, outcome });
            }
        }
    }
    progress.end();
    Ok(results)
}

/// What is being done: one line on a terminal, else a line each.
struct Progress {
    in_place: bool,
}

impl Progress {
    fn new() -> Self {
        Self { in_place: stderr().is_terminal() }
    }

    fn say(&mut self, text: &str) {
        if self.in_place {
            eprint!("\r\x1b[K{text}");
            let _ = stderr().flush();
        } else {
            eprintln!("{text}");
        }
    }

    fn note(&mut self, text: &str) {
        self.end();
        eprintln!("{text}");
    }

    fn end(&mut self) {
        if self.in_place {
            eprint!("\r\x1b[K");
        }
    }
}
