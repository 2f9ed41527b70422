//! What came out, and what it says of all rounds.

use std::fmt;
use std::time::Duration;

use crate::suite::{CONTENDERS, Contender, REFERENCE, WORKLOADS, Workload};

/// Of one run.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// `lost` is a share of the messages.
    Rate {
        messages: u64,
        time: Duration,
        lost: f64,
    },
    RoundTrip {
        median: Duration,
        p99: Duration,
    },
    /// The library has nothing of the kind.
    Missing,
    Failed(String),
}

impl Outcome {
    fn per_second(&self) -> Option<f64> {
        match self {
            Outcome::Rate { messages, time, .. } => Some(*messages as f64 / time.as_secs_f64()),
            _ => None,
        }
    }

    /// The median and the 99th percentile of a round trip.
    fn micros(&self) -> Option<[f64; 2]> {
        match self {
            Outcome::RoundTrip { median, p99 } => Some([median, p99].map(|time| time.as_secs_f64() * 1e6)),
            _ => None,
        }
    }

    /// Higher is better.
    fn score(&self) -> Option<f64> {
        self.per_second().or_else(|| self.micros().map(|[median, _]| 1.0 / median))
    }
}

pub struct Run {
    pub round: usize,
    pub workload: usize,
    pub contender: usize,
    pub outcome: Outcome,
}

#[derive(Default)]
pub struct Results(Vec<Run>);

/// Of all runs of a contender at a workload.
pub enum Standing {
    /// By the reference in the same round.
    Ratio {
        median: f64,
        least: f64,
        most: f64,
    },
    /// The share of messages.
    Loses(f64),
    Fails(String),
    Missing,
}

impl Results {
    pub fn push(&mut self, run: Run) {
        self.0.push(run);
    }

    pub fn all(&self) -> &[Run] {
        &self.0
    }

    /// Those of the list that were run.
    pub fn contenders(&self) -> impl Iterator<Item = (usize, &'static Contender)> {
        CONTENDERS.iter().enumerate().filter(|(number, _)| self.0.iter().any(|run| run.contender == *number))
    }

    pub fn workloads(&self) -> impl Iterator<Item = (usize, &'static Workload)> {
        WORKLOADS.iter().enumerate().filter(|(number, _)| self.0.iter().any(|run| run.workload == *number))
    }

    fn runs(&self, workload: usize, contender: usize) -> impl Iterator<Item = &Run> {
        self.0.iter().filter(move |run| run.workload == workload && run.contender == contender)
    }

    /// Whether there is no point in another round.
    pub fn is_out(&self, workload: usize, contender: usize) -> bool {
        self.runs(workload, contender).any(|run| matches!(run.outcome, Outcome::Missing | Outcome::Failed(_)))
    }

    pub fn standing(&self, workload: usize, contender: usize) -> Standing {
        let mut ratios = Vec::new();
        let mut losses = Vec::new();
        for run in self.runs(workload, contender) {
            match &run.outcome {
                Outcome::Missing => return Standing::Missing,
                Outcome::Failed(reason) => return Standing::Fails(reason.clone()),
                Outcome::Rate { lost, .. } if *lost > 0.0 => losses.push(*lost),
                _ => {}
            }
            let mut reference = self.runs(workload, REFERENCE).filter(|other| other.round == run.round);
            if let (Some(score), Some(other)) = (run.outcome.score(), reference.find_map(|run| run.outcome.score())) {
                ratios.push(score / other);
            }
        }
        match (median(&mut losses), median(&mut ratios)) {
            (Some(lost), _) => Standing::Loses(lost),
            (None, Some(median)) => Standing::Ratio { median, least: ratios[0], most: ratios[ratios.len() - 1] },
            (None, None) => Standing::Missing,
        }
    }

    fn median(&self, workload: usize, contender: usize, figure: impl Fn(&Outcome) -> Option<f64>) -> Option<f64> {
        median(&mut self.runs(workload, contender).filter_map(|run| figure(&run.outcome)).collect::<Vec<_>>())
    }

    /// Its own figures, as text.
    pub fn figure(&self, workload: usize, contender: usize) -> String {
        let rate = self.median(workload, contender, Outcome::per_second);
        let median = self.median(workload, contender, |outcome| outcome.micros().map(|[median, _]| median));
        let p99 = self.median(workload, contender, |outcome| outcome.micros().map(|[_, p99]| p99));
        match (rate, median, p99) {
            (Some(rate), ..) => format!("{}/s", short(rate)),
            (_, Some(median), Some(p99)) => format!("{} / {} µs", short(median), short(p99)),
            _ => String::new(),
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Standing::Ratio { median: ..0.01, .. } => write!(f, "<0.01"),
            Standing::Ratio { median, .. } => write!(f, "{median:.2}"),
            Standing::Loses(share) if *share < 0.0001 => write!(f, "loses <0.01%"),
            Standing::Loses(share) => write!(f, "loses {}%", short(share * 100.0)),
            Standing::Fails(_) => write!(f, "fails"),
            Standing::Missing => write!(f, "–"),
        }
    }
}

/// Sorts them.
fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let [low, high] = [values.len().saturating_sub(1) / 2, values.len() / 2].map(|middle| values.get(middle));
    Some((low? + high?) / 2.0)
}

/// Three figures.
fn short(value: f64) -> String {
    match value {
        1e6.. => format!("{:.2}M", value / 1e6),
        1e4.. => format!("{:.0}k", value / 1e3),
        1e3.. => format!("{:.1}k", value / 1e3),
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
