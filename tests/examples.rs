//! The examples of the draft types do what their first lines say.

#![cfg(feature = "draft")]

use std::process::Command;

fn run(example: &str, arguments: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--all-features", "--example", example, "--"]).args(arguments);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{example}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn client_server_counts_what_its_clients_have_set() {
    assert_eq!(run("client_server", &[]), "1000 keys\nkey-7-6 is 42\n");
}

#[cfg(libzmq_unsigned_char)]
#[test]
fn radio_dish_is_heard_in_the_rooms_that_were_joined() {
    let told = run("radio_dish", &[]);
    let mut told: Vec<_> = told.lines().collect();
    told.sort_unstable();
    assert_eq!(told, ["the cook hears the kitchen", "the owner hears the kitchen and the cellar"]);
}

#[test]
fn scatter_gather_counts_the_primes() {
    assert_eq!(run("scatter_gather", &["100000"]), "9592 primes below 100000\n");
    assert_eq!(run("scatter_gather", &["2"]), "0 primes below 2\n");
}

#[test]
fn peer_tells_everybody() {
    for nodes in ["1", "2", "20"] {
        assert_eq!(run("peer", &[nodes]), format!("all {nodes} nodes know that the cat is in the cellar\n"));
    }
}

#[test]
fn channel_reaches_every_speed() {
    assert_eq!(run("channel", &[]), "turning at 100\nturning at 200\nturning at 300\nstopped\n");
}

#[test]
fn dgram_sums_its_counters() {
    assert_eq!(run("dgram", &[]), "55 visits\n");
}
