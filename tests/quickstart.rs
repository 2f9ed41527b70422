//! The README's first command counts exactly, whatever the file.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs the example on a file, as the README says to.
fn quickstart(file: &Path) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--example", "quickstart"]);
    if cfg!(feature = "bytes") {
        cargo.arg("--all-features");
    }
    let output = cargo.arg("--").arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it should print, counted in another way.
fn expected(text: &[u8]) -> String {
    let mut counts = HashMap::<Vec<u8>, u64>::new();
    let mut word = Vec::new();
    for byte in text.iter().chain(b"\n") {
        if byte.is_ascii_alphanumeric() || *byte == b'\'' || *byte >= 0x80 {
            word.push(byte.to_ascii_lowercase());
        } else if !word.is_empty() {
            *counts.entry(std::mem::take(&mut word)).or_default() += 1;
        }
    }
    let lines =
        text.iter().filter(|byte| **byte == b'\n').count() + usize::from(!text.is_empty() && !text.ends_with(b"\n"));
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(word, count)| (u64::MAX - count, word.clone()));
    let mut output = format!("{lines} lines, most frequent words:\n");
    for (word, count) in counts.iter().take(10) {
        output += &format!("{count:>10}  {}\n", String::from_utf8_lossy(word));
    }
    output
}

#[test]
fn it_counts_every_word_of_any_file() {
    let mut noise = Vec::new();
    let mut state = 7u64;
    for _ in 0..1_000_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        noise.push((state >> 33) as u8);
    }
    let prose = "The quick brown fox isn't the slow one.\r\n\n".repeat(30_000);
    let one_line = "word ".repeat(100_000);
    let directory = std::env::temp_dir().join(format!("zmq-typestate-quickstart-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    for (name, text) in [
        ("empty", &b""[..]),
        ("newline", b"\n"),
        ("unterminated", b"a b\nb"),
        ("not UTF-8", b"\xff\xfe caf\xe9 caf\xe9\n"),
        ("noise", &noise),
        ("prose", prose.as_bytes()),
        ("one long line", one_line.as_bytes()),
    ] {
        let file = directory.join(name);
        fs::write(&file, text).unwrap();
        assert_eq!(quickstart(&file), expected(text), "{name}");
    }
    fs::remove_dir_all(&directory).unwrap();
}
