//! One run of one contender: its processes, what they say, and how they end.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use peers::{GO, Order, Report};

use crate::results::Outcome;
use crate::suite::{Contender, Launch, Workload};

/// A run that takes longer has failed: none should by far.
const DEADLINE: Duration = Duration::from_secs(60);

pub fn run(contender: &Contender, launch: &Launch, workload: &Workload, quick: bool) -> Outcome {
    match contender.order(workload, quick) {
        Some(order) => play(launch, workload, order).unwrap_or_else(Outcome::Failed),
        None => Outcome::Missing,
    }
}

fn play(launch: &Launch, workload: &Workload, order: Order) -> Result<Outcome, String> {
    let mut stage = Stage::new(launch);
    let mut roles = workload.roles().map(str::to_owned);
    stage.enter(Order { role: roles.next().unwrap(), ..order.clone() })?;
    loop {
        match stage.hear()? {
            Report::Endpoint(endpoint) => {
                let role = roles.next().ok_or("it said where it is bound, and nobody is to connect")?;
                stage.enter(Order { role, endpoint, ..order.clone() })?;
            }
            Report::Ready => stage.say_to_first(GO)?,
            Report::Took { nanos, messages, lost } => {
                let lost = lost as f64 / (order.total() * order.width as u64) as f64;
                return Ok(Outcome::Rate { messages, time: Duration::from_nanos(nanos), lost });
            }
            Report::RoundTrip { median_nanos, p99_nanos } => {
                let [median, p99] = [median_nanos, p99_nanos].map(Duration::from_nanos);
                return Ok(Outcome::RoundTrip { median, p99 });
            }
            Report::Unsupported => return Ok(Outcome::Missing),
        }
    }
}

struct Stage<'a> {
    launch: &'a Launch,
    deadline: Instant,
    processes: Vec<Process>,
    /// The number of a process, and a line of its output; none at the end of it.
    voices: mpsc::Sender<(usize, Option<String>)>,
    lines: mpsc::Receiver<(usize, Option<String>)>,
}

/// Killed when it is dropped.
struct Process {
    child: Child,
    complaints: Option<JoinHandle<String>>,
}

impl<'a> Stage<'a> {
    fn new(launch: &'a Launch) -> Self {
        let (voices, lines) = mpsc::channel();
        Self { launch, deadline: Instant::now() + DEADLINE, processes: Vec::new(), voices, lines }
    }

    fn enter(&mut self, order: Order) -> Result<(), String> {
        let mut command = self.launch.command(&order);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().map_err(|error| format!("it does not start: {error}"))?;
        let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());

        let (number, voice) = (self.processes.len(), self.voices.clone());
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = voice.send((number, Some(line)));
            }
            let _ = voice.send((number, None));
        });
        let complaints = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        self.processes.push(Process { child, complaints: Some(complaints) });
        Ok(())
    }

    fn hear(&mut self) -> Result<Report, String> {
        match self.lines.recv_timeout(self.deadline.saturating_duration_since(Instant::now())) {
            Ok((_, Some(line))) => line.parse().map_err(|()| format!("it said {line:?}")),
            Ok((number, None)) => Err(self.processes[number].last_words()),
            Err(_) => Err(format!("it had not finished after {DEADLINE:?}")),
        }
    }

    fn say_to_first(&mut self, line: &str) -> Result<(), String> {
        let input = self.processes[0].child.stdin.as_mut().unwrap();
        writeln!(input, "{line}").map_err(|error| format!("it does not listen: {error}"))
    }
}

impl Process {
    fn last_words(&mut self) -> String {
        let _ = self.child.kill();
        let complaints = self.complaints.take().and_then(|complaints| complaints.join().ok()).unwrap_or_default();
        let said = complaints.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        match self.child.wait() {
            Ok(status) if said.is_empty() => format!("it ended, with {status}"),
            _ => said,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
