//! Counts the words of a text file with the three basic patterns, each over real tcp endpoints on loopback:
//! lines go to workers and counts to a collector by PUSH/PULL, progress is published by PUB/SUB, and the totals are asked
//! for by REQ/REP.
//!
//!     cargo run --all-features --example quickstart [-- FILE]

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use tokio::task::JoinSet;
use zmq_typestate::{
    Address, Bound, Connected, Context, Error, Message, Multipart, Pub, Pull, Push, Rep, Req, Result, Socket, Sub,
};

const WORKERS: usize = 4;
/// A worker reports after so many lines, or sooner when it has nothing else to do.
const REPORT_AFTER: u64 = 1000;

type Counts = HashMap<Box<[u8]>, u64>;

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let readme = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
    let file = std::env::args_os().nth(1).map_or_else(readme, PathBuf::from);
    let text = File::open(&file).map_err(|error| format!("{}: {error}", file.display()))?;

    let context = Context::new()?;
    let feed = context.socket::<Push>()?.bind("tcp://127.0.0.1:*")?;
    let counts = context.socket::<Pull>()?.bind("tcp://127.0.0.1:*")?;
    let totals = context.socket::<Rep>()?.bind("tcp://127.0.0.1:*")?;
    let progress = context.socket::<Pub>()?.bind("tcp://127.0.0.1:*")?;

    let mut ask = context.socket::<Req>()?.connect(totals.address())?;
    let watch = context.socket::<Sub>()?.connect(progress.address())?.subscribe("lines");

    let mut tasks = JoinSet::new();
    for _ in 0..WORKERS {
        tasks.spawn(work(context.clone(), feed.address(), counts.address()));
    }
    tasks.spawn(show(watch));
    tasks.spawn(collect(counts, totals, progress));

    let lines = push_lines(feed, text).await?;
    let answer = ask.request_multipart([lines.to_string()]).await?;

    println!("{lines} lines, most frequent words:");
    let mut frames = answer.iter();
    while let (Some(word), Some(count)) = (frames.next(), frames.next()) {
        println!("{:>10}  {}", String::from_utf8_lossy(count), String::from_utf8_lossy(word));
    }

    // Whoever still waits learns that it is over.
    context.shutdown();
    while let Some(task) = tasks.join_next().await {
        match task? {
            Ok(()) | Err(Error::ContextTerminated { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Pushes each line to one of the workers; gives their number.
async fn push_lines(mut feed: Socket<Push, Bound>, text: File) -> std::result::Result<u64, Box<dyn std::error::Error>> {
    let mut text = BufReader::with_capacity(1 << 16, text);
    let mut lines = 0;
    loop {
        let mut line = Vec::new();
        if text.read_until(b'\n', &mut line)? == 0 {
            return Ok(lines);
        }
        feed.send(line).await?;
        lines += 1;
    }
}

/// Counts the words of the lines it gets.
async fn work(context: Context, feed: Address<Push>, counts: Address<Pull>) -> Result<()> {
    let mut lines = context.socket::<Pull>()?.connect(feed)?;
    let mut report = context.socket::<Push>()?.connect(counts)?;
    loop {
        let mut counted = Counts::new();
        count_words(&lines.recv().await?, &mut counted);
        let mut number = 1;
        while number < REPORT_AFTER {
            match lines.try_recv() {
                Ok(line) => count_words(&line, &mut counted),
                Err(nothing_more) if nothing_more.is_would_block() => break,
                Err(error) => return Err(error),
            }
            number += 1;
        }
        let mut message = Multipart::from([number.to_string()]);
        for (word, count) in counted {
            message.push(&*word);
            message.push(count.to_string());
        }
        report.send_multipart(message).await?;
    }
}

fn count_words(line: &[u8], counts: &mut Counts) {
    let in_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'\'' || !byte.is_ascii();
    for word in line.split(|byte| !in_word(*byte)).filter(|word| !word.is_empty()) {
        let word = word.to_ascii_lowercase();
        *counts.entry(word.into()).or_default() += 1;
    }
}

/// Adds up what the workers report; answers with the totals once all lines that were sent have been counted.
async fn collect(
    mut counts: Socket<Pull, Bound>,
    mut totals: Socket<Rep, Bound>,
    mut progress: Socket<Pub, Bound>,
) -> Result<()> {
    let mut sum = Counts::new();
    let mut lines = 0;
    // Both calls may be dropped half way without losing a message, so `select!` may choose between them.
    let request = loop {
        tokio::select! {
            report = counts.recv_multipart() => lines += add(&mut sum, report?),
            request = totals.next_request() => break request?,
        }
        progress.send(format!("lines {lines}")).await?;
    };
    let expected = number(&request[0]);
    while lines < expected {
        lines += add(&mut sum, counts.recv_multipart().await?);
        progress.send(format!("lines {lines}")).await?;
    }

    let mut sum: Vec<_> = sum.into_iter().collect();
    sum.sort_by(|(word, count), (other, more)| more.cmp(count).then_with(|| word.cmp(other)));
    let mut answer = Multipart::new();
    for (word, count) in sum.iter().take(10) {
        answer.push(&**word);
        answer.push(count.to_string());
    }
    if answer.is_empty() {
        answer.push(Message::new());
    }
    request.reply_multipart(answer)
}

/// Adds a worker's report; gives the number of lines in it.
fn add(sum: &mut Counts, report: Multipart) -> u64 {
    let mut frames = report.into_iter();
    let lines = frames.next().map_or(0, |lines| number(&lines));
    while let (Some(word), Some(count)) = (frames.next(), frames.next()) {
        *sum.entry((*word).into()).or_default() += number(&count);
    }
    lines
}

fn number(message: &Message) -> u64 {
    message.as_str().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Shows how far the work is.
async fn show(mut watch: Socket<Sub, Connected>) -> Result<()> {
    let mut shown = 0;
    loop {
        let message = watch.recv().await?;
        let lines = message.as_str().and_then(|text| text.strip_prefix("lines ")?.parse().ok()).unwrap_or(shown);
        if lines >= shown + 100_000 {
            shown = lines;
            // Nobody to read it is no reason to stop.
            let _ = writeln!(io::stderr(), "{lines} lines ..");
        }
    }
}
