//! What a program that depends on this crate meets: outside of this repository, without its build flags.

#![cfg(feature = "draft")]

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs, process};

const MANIFEST: &str = r#"
[package]
name = "dependent"
version = "0.1.0"
edition = "2024"

[dependencies]
zmq-typestate = { path = "REPOSITORY", features = ["draft"] }

[workspace]
"#;

const PROGRAM: &str = r#"
use zmq_typestate::{Client, Context, Server};

fn main() -> zmq_typestate::Result<()> {
    let context = Context::new()?;
    let mut server = context.socket::<Server>()?.bind("tcp://127.0.0.1:*")?;
    let mut client = context.socket::<Client>()?.connect(server.address())?;
    client.blocking_send("question")?;
    let (sender, question) = server.blocking_recv()?;
    server.blocking_send_to(&sender, format!("answer to the {}", question.as_str().unwrap()))?;
    println!("{}", client.blocking_recv()?.as_str().unwrap());
    Ok(())
}
"#;

#[cfg(feature = "curve")]
const ENCRYPTED: &str = r#"
use zmq_typestate::{Context, CurveClient, CurveServer, KeyPair, Pull, Push};

fn main() -> zmq_typestate::Result<()> {
    let context = Context::new()?;
    let server = CurveServer::new(KeyPair::generate()).allow_any_client();
    let mut pull = context.socket::<Pull>()?.curve_server(&server).bind("tcp://127.0.0.1:*")?;
    let client = CurveClient::new(server.public_key(), KeyPair::generate());
    let mut push = context.socket::<Push>()?.curve_client(&client).connect(pull.address())?;
    push.blocking_send("nobody reads this")?;
    println!("{}", pull.blocking_recv()?.as_str().unwrap());
    Ok(())
}
"#;

/// Has draft functions of its own, so that it can be linked with a libzmq that has none.
const SWAPPED: &str = r#"
macro_rules! draft_functions {
    ($($name:ident)*) => { $( #[unsafe(no_mangle)] extern "C" fn $name() { std::process::abort() } )* };
}
draft_functions!(zmq_join zmq_leave zmq_connect_peer zmq_msg_set_routing_id zmq_msg_routing_id zmq_msg_set_group
    zmq_msg_group zmq_ctx_set_ext zmq_poller_new zmq_poller_destroy zmq_poller_add zmq_poller_wait zmq_poller_fd);

fn main() {
    println!("{}", zmq_typestate::Context::new().unwrap_err());
}
"#;

fn command(directory: &Path, command: &str) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.arg(command).current_dir(directory).env("CARGO_TARGET_DIR", directory.join("target"));
    // This test has the repository's flags in its environment.
    cargo.env_remove("CXXFLAGS").env_remove("RUSTFLAGS").env_remove("RUSTDOCFLAGS");
    cargo
}

fn cargo(directory: &Path, arguments: &str) -> Output {
    command(directory, arguments).output().unwrap()
}

/// What the build script says to put into `.cargo/config.toml`.
fn lines_to_paste(told: &str) -> String {
    let line = |begin: &str| {
        let found = told.lines().find_map(|line| line.find(begin).map(|at| line[at..].to_owned()));
        found.unwrap_or_else(|| panic!("no {begin} in {told}"))
    };
    format!("{}\n{}\n", line("[env]"), line("CXXFLAGS ="))
}

#[test]
fn a_dependent_is_told_the_flags_and_runs_with_them() {
    let repository = env!("CARGO_MANIFEST_DIR");
    // Not below `target`: cargo would find the repository's configuration from there.
    let directory = env::temp_dir().join(format!("zmq-typestate-dependent-{}", process::id()));
    let write = |file: &str, text: &str| {
        let file = directory.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write("Cargo.toml", &MANIFEST.replace("REPOSITORY", repository));
    write("src/main.rs", PROGRAM);
    fs::copy(Path::new(repository).join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();

    let refused = cargo(&directory, "build");
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success(), "{told}");
    assert!(told.contains("the feature `draft` needs a libzmq with the draft API"), "{told}");

    // Whoever exchanges the library behind the build script's back is told at run time.
    write("src/main.rs", SWAPPED);
    let swapped = command(&directory, "run").env("DOCS_RS", "1").output().unwrap();
    let text = String::from_utf8_lossy(&swapped.stdout);
    assert!(text.contains("this libzmq has no draft API"), "{text}{}", String::from_utf8_lossy(&swapped.stderr));
    write("src/main.rs", PROGRAM);

    // The lines to paste, from the message: those for CURVE would ask for its feature.
    let pasted = lines_to_paste(&told);
    assert!(!pasted.contains("CURVE"), "{pasted}");
    write(".cargo/config.toml", &pasted);
    let ran = cargo(&directory, "run");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{told}");
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "answer to the question\n");

    // The feature without the flags, and the flags without the feature.
    #[cfg(feature = "curve")]
    {
        let manifest = MANIFEST.replace("REPOSITORY", repository);
        write("Cargo.toml", &manifest.replace("\"draft\"", "\"curve\", \"draft\""));
        let refused = cargo(&directory, "build");
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success(), "{told}");
        assert!(told.contains("the feature `curve` needs a libzmq with CURVE"), "{told}");
        write(".cargo/config.toml", &lines_to_paste(&told));
        write("src/main.rs", ENCRYPTED);
        let ran = cargo(&directory, "run");
        let told = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{told}");
        assert_eq!(String::from_utf8_lossy(&ran.stdout), "nobody reads this\n");
        write("Cargo.toml", &manifest);
        let refused = cargo(&directory, "build");
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success(), "{told}");
        assert!(told.contains("cannot be linked without the feature `curve`"), "{told}");
        assert!(!lines_to_paste(&told).contains("CURVE"), "{told}");
    }
    fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn the_readme_has_the_flags_of_the_repository() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let flags = |file: &str| {
        let text = fs::read_to_string(repository.join(file)).unwrap();
        text.lines().find(|line| line.starts_with("CXXFLAGS = ")).unwrap().to_owned()
    };
    assert_eq!(flags("README.md"), flags(".cargo/config.toml"));
}
