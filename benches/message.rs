//! From which length handing a buffer over costs less than copying it: message and buffer, made and dropped.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use zmq_typestate::Message;

fn message(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("message");
    for size in [64, 256, 512, 1024, 4096, 65_536] {
        let buffer = || vec![7u8; size];
        group.bench_with_input(BenchmarkId::new("copied from a slice", size), &size, |bencher, _| {
            bencher.iter_batched(buffer, |buffer| drop(black_box(Message::from(&buffer[..]))), BatchSize::SmallInput);
        });
        group.bench_with_input(BenchmarkId::new("from a Vec", size), &size, |bencher, _| {
            bencher.iter_batched(buffer, |buffer| drop(black_box(Message::from(buffer))), BatchSize::SmallInput);
        });
        let shared = || Bytes::from(vec![7u8; size]);
        group.bench_with_input(BenchmarkId::new("from Bytes", size), &size, |bencher, _| {
            bencher.iter_batched(shared, |bytes| drop(black_box(Message::from(bytes))), BatchSize::SmallInput);
        });
    }
    group.finish();
}

criterion_group!(benches, message);
criterion_main!(benches);
