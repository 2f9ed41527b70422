//! The results as text.

use std::fmt::Write;
use std::thread::available_parallelism;

use crate::results::{Outcome, Results, Run, Standing};
use crate::suite::{CONTENDERS, Contender, REFERENCE, WORKLOADS, Workload};

const LOCK: &str = include_str!("../Cargo.lock");

pub fn markdown(results: &Results, rounds: usize) -> String {
    let reference = CONTENDERS[REFERENCE].name;
    let mut text = format!(
        "Beside the blocking calls of `{reference}`, whose own figures are in its column: the median of the ratios of {rounds} \
         rounds, and the least and the most of them. Above 1 is faster: more messages a second, or a shorter round trip (its \
         median). {}.\n\n",
        circumstances()
    );
    table(&mut text, results, |workload, contender| match results.standing(workload, contender) {
        Standing::Ratio { .. } if contender == REFERENCE => results.figure(workload, contender),
        Standing::Ratio { median, least, most } => format!("{median:.2} ({least:.2}–{most:.2})"),
        other => other.to_string(),
    });
    text += "\nThe figures themselves: messages a second, or the median of a round trip and its 99th percentile.\n\n";
    table(&mut text, results, |workload, contender| match results.standing(workload, contender) {
        Standing::Ratio { .. } => results.figure(workload, contender),
        other => other.to_string(),
    });
    let failures = failures(results);
    if !failures.is_empty() {
        text += "\nWhat failed said:\n\n";
        text += &failures;
    }
    text
}

/// A row for each workload, a column for each contender.
fn table(text: &mut String, results: &Results, cell: impl Fn(usize, usize) -> String) {
    let names: Vec<_> = results.contenders().map(|(_, contender)| contender.name).collect();
    let _ = writeln!(text, "| workload | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for (workload, Workload { name, .. }) in results.workloads() {
        let cells: Vec<_> = results.contenders().map(|(contender, _)| cell(workload, contender)).collect();
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }
}

fn failures(results: &Results) -> String {
    let mut text = String::new();
    for (workload, Workload { name, .. }) in results.workloads() {
        for (contender, Contender { name: who, .. }) in results.contenders() {
            if let Standing::Fails(reason) = results.standing(workload, contender) {
                let _ = writeln!(text, "- {who}, {name}: `{}`", reason.replace('`', "'"));
            }
        }
    }
    text
}

fn circumstances() -> String {
    let versions = ["zmq", "tmq", "zeromq", "rzmq", "omq-tokio"].map(|name| {
        let (_, version) = LOCK.split_once(&format!("name = \"{name}\"\nversion = \"")).unwrap();
        format!("{name} {}", version.split('"').next().unwrap())
    });
    let cores = available_parallelism().map_or("unknown".to_owned(), |cores| cores.to_string());
    format!("Versions: {}; cores: {cores}", versions.join(", "))
}

pub fn csv(results: &Results) -> String {
    let mut text = "round,workload,contender,outcome,messages,seconds,median_us,p99_us,lost\n".to_owned();
    for Run { round, workload, contender, outcome } in results.all() {
        let columns = match outcome {
            Outcome::Rate { messages, time, lost } => format!("rate,{messages},{},,,{lost}", time.as_secs_f64()),
            Outcome::RoundTrip { median, p99 } => {
                let [median, p99] = [median, p99].map(|time| time.as_secs_f64() * 1e6);
                format!("round trip,,,{median:.3},{p99:.3},")
            }
            Outcome::Missing => "missing,,,,,".to_owned(),
            Outcome::Failed(_) => "failed,,,,,".to_owned(),
        };
        let (workload, contender) = (WORKLOADS[*workload].name, CONTENDERS[*contender].name);
        let _ = writeln!(text, "{round},\"{workload}\",{contender},{columns}");
    }
    text
}
