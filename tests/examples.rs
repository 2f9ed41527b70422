//! The examples do what their first lines say.

use std::process::Command;

/// With the features that this test has, so that nothing is built anew.
fn command(example: &str, arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--example", example]);
    for (feature, has) in [
        ("bytes", cfg!(feature = "bytes")),
        ("curve", cfg!(feature = "curve")),
        ("draft", cfg!(feature = "draft")),
        ("futures", cfg!(feature = "futures")),
        ("tracing", cfg!(feature = "tracing")),
    ] {
        if has {
            cargo.args(["--features", feature]);
        }
    }
    cargo.arg("--").args(arguments);
    cargo
}

fn run(example: &str, arguments: &[&str]) -> String {
    let output = command(example, arguments).output().unwrap();
    assert!(output.status.success(), "{example}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[cfg(feature = "draft")]
#[test]
fn client_server_counts_what_its_clients_have_set() {
    assert_eq!(run("client_server", &[]), "1000 keys\nkey-7-6 is 42\n");
}

#[cfg(libzmq_unsigned_char)]
#[cfg(feature = "draft")]
#[test]
fn radio_dish_is_heard_in_the_rooms_that_were_joined() {
    let told = run("radio_dish", &[]);
    let mut told: Vec<_> = told.lines().collect();
    told.sort_unstable();
    assert_eq!(told, ["the cook hears the kitchen", "the owner hears the kitchen and the cellar"]);
}

#[cfg(feature = "draft")]
#[test]
fn scatter_gather_counts_the_primes() {
    assert_eq!(run("scatter_gather", &["100000"]), "9592 primes below 100000\n");
    assert_eq!(run("scatter_gather", &["2"]), "0 primes below 2\n");
}

#[cfg(feature = "draft")]
#[test]
fn peer_tells_everybody() {
    for nodes in ["1", "2", "20"] {
        assert_eq!(run("peer", &[nodes]), format!("all {nodes} nodes know that the cat is in the cellar\n"));
    }
}

#[cfg(feature = "draft")]
#[test]
fn channel_reaches_every_speed() {
    assert_eq!(run("channel", &[]), "turning at 100\nturning at 200\nturning at 300\nstopped\n");
}

#[cfg(feature = "draft")]
#[test]
fn dgram_sums_its_counters() {
    assert_eq!(run("dgram", &[]), "55 visits\n");
}

#[test]
fn a_broker_answers_every_question() {
    assert_eq!(run("broker", &[]), "1000 questions answered\n1000 requests, 1000 replies\n");
}

#[test]
fn a_forwarder_forwards_what_is_wanted() {
    let told = run("forwarder", &[]);
    assert_eq!(told, "oslo 10\noslo 11\noslo 12\noslo 13\noslo 14\n5 messages forwarded\n");
}

#[test]
fn a_streamer_loses_nothing() {
    assert_eq!(run("streamer", &[]), "the sum is 50005000\n10002 messages\n");
}

#[test]
fn a_load_balancer_gives_more_to_the_faster_worker() {
    let told = run("load_balancer", &[]);
    let times =
        told.strip_prefix("400 answers, the fast worker gave ").and_then(|it| it.strip_suffix(" times as many\n"));
    assert!(times.unwrap().parse::<usize>().unwrap() >= 2, "{told}");
}

#[test]
fn plain_login_lets_in_who_knows_the_password() {
    let told = run("plain_login", &[]);
    assert_eq!(told, "backup: backup has started\nmailer: mailer has started\nrefused with status 400\n");
}

#[cfg(feature = "curve")]
#[test]
fn a_curve_client_orders_with_the_keys_that_the_server_made() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::process::Stdio;
    use std::{env, fs, process};

    let keys = env::temp_dir().join(format!("zmq-typestate-keys-{}", process::id()));
    let keys = keys.to_str().unwrap();
    // The second time it has them.
    for order in ["two apples", "three pears"] {
        let mut server = command("curve_server", &["tcp://127.0.0.1:*", keys]);
        let mut server = server.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let endpoint = line.trim().strip_prefix("open at ").unwrap();
        let customer = format!("{keys}/customer.key");
        assert_eq!(run("curve_client", &[endpoint, &customer, order]), format!("{order}, for ann: on the way\n"));
        server.kill().unwrap();
        server.wait().unwrap();
    }
    for secret in ["server.key", "customer.key"] {
        let mode = fs::metadata(format!("{keys}/{secret}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
    fs::remove_dir_all(keys).unwrap();
}
