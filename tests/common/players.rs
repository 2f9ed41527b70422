//! Processes that play a part in a test: the test program itself, run again. They end with the test.

use std::collections::VecDeque;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::DEADLINE;

const ROLE: &str = "ZMQ_TYPESTATE_ROLE";
const ARGUMENT: &str = "ZMQ_TYPESTATE_ARGUMENT";

/// The role that this process plays, with its argument; none in the test itself.
pub fn role() -> Option<(String, String)> {
    Some((env::var(ROLE).ok()?, env::var(ARGUMENT).unwrap_or_default()))
}

/// Tells the test something, from a player: `word`, and the rest.
#[macro_export]
macro_rules! tell {
    ($($part:tt)*) => {{
        use std::io::Write;
        // One write: other threads tell something too. Nobody may be listening any more.
        let _ = std::io::stdout().lock().write_all(format!("@{}\n", format_args!($($part)*)).as_bytes());
    }};
}

/// In a player: waits until the test lets it go, or is gone itself.
pub fn until_released() {
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

/// In a player: it ends with the test, whatever it is doing then.
pub fn end_with_the_test() {
    thread::spawn(|| {
        until_released();
        std::process::abort();
    });
}

#[derive(Default)]
struct Said {
    lines: VecDeque<String>,
    errors: String,
    ended: bool,
}

/// A process that plays a role. Dropping it kills it.
pub struct Player {
    child: Child,
    stdin: Option<ChildStdin>,
    said: Arc<(Mutex<Said>, Condvar)>,
    role: String,
}

impl Player {
    /// Runs the test again, which then finds its [`role`].
    pub fn start(test: &str, role: &str, argument: &str) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", test, "--nocapture", "--include-ignored"]);
        command.env(ROLE, role).env(ARGUMENT, argument);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Arc::new((Mutex::new(Said::default()), Condvar::new()));
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let listener = said.clone();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // The harness may have begun a line of its own.
                if let Some((_, line)) = line.split_once('@') {
                    listener.0.lock().unwrap().lines.push_back(line.into());
                    listener.1.notify_all();
                }
            }
            listener.0.lock().unwrap().ended = true;
            listener.1.notify_all();
        });
        let listener = said.clone();
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let errors = &mut listener.0.lock().unwrap().errors;
                *errors += &line;
                *errors += "\n";
            }
        });
        let stdin = child.stdin.take();
        Self { child, stdin, said, role: role.into() }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What follows the next `word` that the player tells; what it told before that is forgotten.
    #[track_caller]
    pub fn hear(&self, word: &str) -> String {
        let deadline = Instant::now() + DEADLINE;
        loop {
            match self.next(deadline) {
                Some(line) if line == word => return String::new(),
                Some(line) => {
                    if let Some(rest) = line.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')) {
                        return rest.into();
                    }
                }
                None => panic!("{} has not said {word}: {}", self.role, self.errors()),
            }
        }
    }

    /// The next line that the player tells; none after its end, or at the deadline.
    pub fn next(&self, deadline: Instant) -> Option<String> {
        let mut said = self.said.0.lock().unwrap();
        loop {
            if let Some(line) = said.lines.pop_front() {
                return Some(line);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if said.ended || left.is_zero() {
                return None;
            }
            said = self.said.1.wait_timeout(said, left).unwrap().0;
        }
    }

    /// What it has written to its standard error.
    pub fn errors(&self) -> String {
        self.said.0.lock().unwrap().errors.clone()
    }

    /// Whether it says nothing any more, ever.
    pub fn has_ended(&self) -> bool {
        self.said.0.lock().unwrap().ended
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// A signal by its name, as `STOP`.
    pub fn signal(&self, name: &str) {
        let mut kill = Command::new("sh");
        // The shell's own `kill`: the program need not be there.
        kill.args(["-c", &format!("kill -{name} {}", self.pid())]);
        assert!(kill.status().unwrap().success());
    }

    /// Without a farewell.
    pub fn kill(mut self) {
        self.end();
    }

    /// Lets it go, where it waits for that. Waiting goes on elsewhere.
    pub fn release(&mut self) {
        self.stdin = None;
    }

    /// Lets it go, and gives how it ended.
    #[track_caller]
    pub fn finish(mut self) -> (ExitStatus, String) {
        self.release();
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // Its last words may still be on their way.
                while !self.said.0.lock().unwrap().ended && Instant::now() < deadline {
                    thread::sleep(Duration::from_millis(1));
                }
                thread::sleep(Duration::from_millis(20));
                return (status, self.errors());
            }
            assert!(Instant::now() < deadline, "{} does not end: {}", self.role, self.errors());
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.end();
    }
}

/// What a process holds in memory, in KiB.
pub fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// How many descriptors a process has open.
pub fn descriptors(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
}

/// How many threads a process has.
pub fn threads(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/task")).unwrap().count()
}

/// Waits for what comes about by itself.
#[track_caller]
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    until_some(what, || condition().then_some(()));
}

/// The same, for what there is then.
#[track_caller]
pub fn until_some<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(there) = attempt() {
            return there;
        }
        assert!(Instant::now() < deadline, "{what}: it does not come about");
        thread::sleep(Duration::from_millis(2));
    }
}
