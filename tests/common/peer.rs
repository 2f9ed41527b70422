//! Other processes that the tests talk to: Python programs, and this program again in another role.
//!
//! The interpreter is that of `PYZMQ_PYTHON`, which has to have the package `pyzmq`; without the variable it is `python3`, and
//! where that has no such package the tests say that they were skipped.

use std::any::type_name;
use std::env;
use std::io::{Write, stderr};
use std::path::Path;
use std::process::{Command as Blocking, Stdio};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The interpreter; nothing where the tests are to be skipped.
pub fn python() -> Option<String> {
    let required = env::var("PYZMQ_PYTHON").ok();
    let python = required.clone().unwrap_or_else(|| "python3".into());
    let found = Blocking::new(&python).args(["-c", "import zmq"]).stderr(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    assert!(required.is_none(), "{python} has no pyzmq");
    // Not by `eprintln!`: of a test that passes the harness would keep it to itself.
    let _ = writeln!(stderr(), "SKIPPED: python3 has no pyzmq; set PYZMQ_PYTHON to an interpreter that has");
    None
}

/// A program of tests/pyzmq.
pub fn script(python: &str, name: &str) -> Command {
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyzmq").join(name));
    command
}

const ROLE: &str = "ZMQ_TYPESTATE_PEER";
/// Begins what such a process says, among the lines of the test harness.
const MARK: &str = "peer: ";

/// This program again, in this one test alone, which is to ask for its [`role`] first.
pub fn this_program<F: Fn()>(_: &F, role: &str) -> Command {
    let test = type_name::<F>().split_once("::").unwrap().1;
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--include-ignored", "--quiet"]).env(ROLE, role);
    command
}

/// The role of this process, if it is such a one.
pub fn role() -> Option<String> {
    env::var(ROLE).ok()
}

/// For such a process: a line that [`Peer::line`] gives.
pub fn say(line: &str) {
    println!("{MARK}{line}");
}

/// Another process, which is told and tells lines of text. It is killed with this value.
pub struct Peer {
    pub process: Child,
    pub wire: Wire,
}

/// Its input and output.
pub struct Wire {
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
    marked: bool,
}

impl Peer {
    /// Within a runtime.
    pub fn new(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let marked = command.as_std().get_envs().any(|(name, _)| name == ROLE);
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, wire: Wire { input, output, marked } }
    }

    /// The process ends, by itself or with its input, and is content.
    pub async fn ends(mut self) {
        // Its output stays open: the test harness has yet to say how it went.
        self.wire.input = None;
        let status = self.process.wait().await.unwrap();
        assert!(status.success(), "the peer ended: {status}");
    }
}

impl Wire {
    /// What it says next.
    pub async fn line(&mut self) -> String {
        loop {
            let line = self.output.next_line().await.unwrap().expect("the peer has ended");
            match line.strip_prefix(MARK) {
                Some(line) => return line.into(),
                None if !self.marked => return line,
                None => {}
            }
        }
    }

    pub async fn tell(&mut self, line: &str) {
        let input = self.input.as_mut().expect("it has not ended");
        input.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }
}
