//! This crate beside the blocking calls of the `zmq` crate, on the same libzmq in one run:
//! messages one way from thread to thread (PUSH/PULL), and round trips (REQ/REP).
//!
//! Ends with a table of the ratios; above 1 this crate is faster.

use std::collections::BTreeMap;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, measurement::WallTime};
use tokio::runtime::{Builder, Runtime};
use zmq_typestate::{Context, Pull, Push, Rep, Req};

/// Seconds an iteration, of each sample, by workload and contender.
static SAMPLES: Mutex<BTreeMap<(String, &str), Vec<f64>>> = Mutex::new(BTreeMap::new());

const OURS: &str = "zmq-typestate";
const THEIRS: &str = "zmq";

fn main() {
    let mut criterion =
        Criterion::default().measurement_time(Duration::from_secs(4)).sample_size(20).configure_from_args();
    for (transport, endpoint) in [("tcp", "tcp://127.0.0.1:*"), ("inproc", "inproc://bench")] {
        for (size, label, batch) in [(64, "64 B", 10_000), (1 << 10, "1 KiB", 10_000), (1 << 16, "64 KiB", 500)] {
            let workload = format!("push_pull {transport} {label}");
            let mut group = criterion.benchmark_group(&workload);
            group.throughput(Throughput::Elements(batch));
            measure(&mut group, &workload, THEIRS, push_pull::theirs(endpoint, size, batch));
            measure(&mut group, &workload, OURS, push_pull::ours(endpoint, size, batch));
        }
        let workload = format!("req_rep {transport} 64 B");
        let mut group = criterion.benchmark_group(&workload);
        measure(&mut group, &workload, THEIRS, req_rep::theirs(endpoint));
        measure(&mut group, &workload, OURS, req_rep::ours(endpoint));
    }
    criterion.final_summary();

    println!("\n| workload | {THEIRS} | {OURS} | ratio |\n|---|---|---|---|");
    let samples = SAMPLES.lock().unwrap();
    for workload in samples.keys().map(|(workload, _)| workload).collect::<std::collections::BTreeSet<_>>() {
        let median = |contender| samples.get(&(workload.clone(), contender)).map(|samples| median(samples));
        if let (Some(theirs), Some(ours)) = (median(THEIRS), median(OURS)) {
            println!("| {workload} | {:.3} ms | {:.3} ms | {:.2} |", theirs * 1e3, ours * 1e3, theirs / ours);
        }
    }
}

fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    workload: &str,
    contender: &'static str,
    mut run: impl FnMut(u64) -> Duration,
) {
    group.bench_function(BenchmarkId::from_parameter(contender), |bencher| {
        bencher.iter_custom(|iterations| {
            let took = run(iterations);
            let key = (workload.to_owned(), contender);
            SAMPLES.lock().unwrap().entry(key).or_default().push(took.as_secs_f64() / iterations as f64);
            took
        })
    });
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

mod push_pull {
    use super::*;

    /// One iteration is a batch; the time ends when its last message has been received.
    pub fn theirs(endpoint: &str, size: usize, batch: u64) -> impl FnMut(u64) -> Duration {
        let context = zmq::Context::new();
        let pull = context.socket(zmq::PULL).unwrap();
        pull.bind(endpoint).unwrap();
        let push = context.socket(zmq::PUSH).unwrap();
        push.connect(&pull.get_last_endpoint().unwrap().unwrap()).unwrap();

        let (start, started) = mpsc::channel::<u64>();
        thread::spawn(move || {
            let payload = vec![7; size];
            for messages in started {
                for _ in 0..messages {
                    push.send(&payload[..], 0).unwrap();
                }
            }
        });
        move |iterations| {
            let begin = Instant::now();
            start.send(iterations * batch).unwrap();
            for _ in 0..iterations * batch {
                assert_eq!(pull.recv_msg(0).unwrap().len(), size);
            }
            begin.elapsed()
        }
    }

    pub fn ours(endpoint: &str, size: usize, batch: u64) -> impl FnMut(u64) -> Duration {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap().bind(endpoint).unwrap();
        let mut push = context.socket::<Push>().unwrap().connect(pull.address()).unwrap();

        let (start, started) = mpsc::channel::<u64>();
        thread::spawn(move || {
            let payload = vec![7; size];
            let runtime = runtime();
            for messages in started {
                runtime.block_on(async {
                    for _ in 0..messages {
                        push.send(&payload[..]).await.unwrap();
                    }
                });
            }
        });
        let runtime = runtime();
        move |iterations| {
            let begin = Instant::now();
            start.send(iterations * batch).unwrap();
            runtime.block_on(async {
                for _ in 0..iterations * batch {
                    assert_eq!(pull.recv().await.unwrap().len(), size);
                }
            });
            begin.elapsed()
        }
    }
}

mod req_rep {
    use super::*;

    pub fn theirs(endpoint: &str) -> impl FnMut(u64) -> Duration {
        let context = zmq::Context::new();
        let rep = context.socket(zmq::REP).unwrap();
        rep.bind(endpoint).unwrap();
        let req = context.socket(zmq::REQ).unwrap();
        req.connect(&rep.get_last_endpoint().unwrap().unwrap()).unwrap();
        thread::spawn(move || {
            while let Ok(request) = rep.recv_msg(0) {
                if request.is_empty() || rep.send(request, 0).is_err() {
                    return;
                }
            }
        });
        move |iterations| {
            let begin = Instant::now();
            for _ in 0..iterations {
                req.send(&[7; 64][..], 0).unwrap();
                assert_eq!(req.recv_msg(0).unwrap().len(), 64);
            }
            begin.elapsed()
        }
    }

    pub fn ours(endpoint: &str) -> impl FnMut(u64) -> Duration {
        let context = Context::new().unwrap();
        let mut rep = context.socket::<Rep>().unwrap().bind(endpoint).unwrap();
        let mut req = context.socket::<Req>().unwrap().connect(rep.address()).unwrap();
        thread::spawn(move || runtime().block_on(async move { rep.serve(async |request| request).await.unwrap() }));
        let runtime = runtime();
        move |iterations| {
            let begin = Instant::now();
            runtime.block_on(async {
                for _ in 0..iterations {
                    assert_eq!(req.request([7; 64]).await.unwrap().len(), 64);
                }
            });
            begin.elapsed()
        }
    }
}
