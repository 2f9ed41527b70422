//! How many instructions a message costs, counted by callgrind (`valgrind` has to be there): a message of one frame through
//! PUSH and PULL over inproc, in one thread, by the crate `zmq` and by the typed sockets.
//!
//! Each contender runs twice, with so many messages more the second time: the difference is that of the messages alone.

use std::env;
use std::process::{Command, exit};

use zmq_typestate::{Attached, Bound, CanRecv, CanSend, Connected, Context, Message, Pull, Push, Socket};

const MESSAGES: u64 = 10_000;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, contender, messages, ..] = &arguments[..]
        && let Ok(messages) = messages.parse()
    {
        match contender.as_str() {
            "zmq" => zmq(messages),
            "typed" => typed(messages),
            "generic" => generic(messages),
            "awaited" => awaited(messages),
            other => panic!("{other}"),
        }
        exit(0);
    }
    println!("| PUSH to PULL, inproc, 64 B | instructions a message |\n|---|---|");
    for (contender, label) in [
        ("zmq", "zmq: send, recv_msg"),
        ("typed", "zmq-typestate: try_send, try_recv"),
        ("generic", "the same in generic functions"),
        ("awaited", "zmq-typestate: send, recv, awaited"),
    ] {
        let [once, twice] = [MESSAGES, 2 * MESSAGES].map(|messages| counted(contender, messages));
        println!("| {label} | {} |", (twice - once) / MESSAGES);
    }
}

/// The instructions of a run.
fn counted(contender: &str, messages: u64) -> u64 {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(env::current_exe().unwrap());
    let output = valgrind.args([contender, &messages.to_string()]).output().expect("valgrind is not there");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let collected = text.lines().find_map(|line| line.split_once("Collected : "));
    collected.unwrap_or_else(|| panic!("{text}")).1.trim().parse().unwrap()
}

const PAYLOAD: [u8; 64] = [7; 64];

fn ends() -> (Socket<Push, Connected>, Socket<Pull, Bound>) {
    let context = Context::new().unwrap();
    let pull = context.socket::<Pull>().unwrap().bind("inproc://instructions").unwrap();
    (context.socket::<Push>().unwrap().connect(pull.address()).unwrap(), pull)
}

fn typed(messages: u64) {
    let (mut push, mut pull) = ends();
    for _ in 0..messages {
        push.try_send(&PAYLOAD[..]).unwrap();
        assert_eq!(pull.try_recv().unwrap().len(), PAYLOAD.len());
    }
}

fn generic(messages: u64) {
    fn send<T: CanSend, M: Attached>(socket: &mut Socket<T, M>) {
        socket.try_send(&PAYLOAD[..]).unwrap();
    }
    fn receive<T: CanRecv<Incoming = Message>, M: Attached>(socket: &mut Socket<T, M>) -> usize {
        socket.try_recv().unwrap().len()
    }
    let (mut push, mut pull) = ends();
    for _ in 0..messages {
        send(&mut push);
        assert_eq!(receive(&mut pull), PAYLOAD.len());
    }
}

fn awaited(messages: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (mut push, mut pull) = ends();
        for _ in 0..messages {
            push.send(&PAYLOAD[..]).await.unwrap();
            assert_eq!(pull.recv().await.unwrap().len(), PAYLOAD.len());
        }
    });
}

fn zmq(messages: u64) {
    let context = zmq::Context::new();
    let (pull, push) = (context.socket(zmq::PULL).unwrap(), context.socket(zmq::PUSH).unwrap());
    pull.bind("inproc://instructions").unwrap();
    push.connect("inproc://instructions").unwrap();
    for _ in 0..messages {
        push.send(&PAYLOAD[..], zmq::DONTWAIT).unwrap();
        assert_eq!(pull.recv_msg(zmq::DONTWAIT).unwrap().len(), PAYLOAD.len());
    }
}
