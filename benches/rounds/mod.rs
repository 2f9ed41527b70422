//! What the benchmarks share: rounds, and the one in the middle.

#![allow(dead_code, reason = "not every benchmark compares two")]

const ROUNDS: usize = 21;

/// Prints a row of a table: the rates at which two pass so many messages, in turn, and the ratio. Both say how many seconds
/// they took.
pub fn side_by_side(
    label: &str,
    messages: usize,
    mut theirs: impl FnMut(usize) -> f64,
    mut ours: impl FnMut(usize) -> f64,
) {
    // The first one warms up.
    let rounds: Vec<_> = (0..ROUNDS).map(|_| (theirs(messages), ours(messages))).skip(1).collect();
    let rate = |seconds: f64| messages as f64 / seconds;
    let (their_rate, our_rate) =
        (rate(median(rounds.iter().map(|round| round.0))), rate(median(rounds.iter().map(|round| round.1))));
    let ratio = median(rounds.iter().map(|(theirs, ours)| theirs / ours));
    println!("| {label} | {their_rate:.0} msg/s | {our_rate:.0} msg/s | {ratio:.2} |");
}

pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
