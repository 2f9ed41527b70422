//! Messages that tell when one was lost, doubled, overtaken or changed: tests/pyzmq/patterns.py makes the same ones.
//!
//! A message begins with its number and a checksum. Every other one has a single frame, the others two to five. Frames have
//! up to 4 KiB, most of them much less and some nothing; two messages of each ten thousand have one of 1 MiB.

use std::sync::LazyLock;

use crc32fast::Hasher;
use zmq_typestate::Multipart;

/// Frames repeat after so many messages, apart from the headers.
const PERIOD: u32 = 10_000;
const HEADER: usize = "00000000 00000000".len();

/// Topic of the stream, where there are topics: the header begins with it.
pub const TOPIC: &str = "0";
/// Published until the subscriber says that it has come; the other one is for nobody.
pub const HELLO: &str = "0 hello";
pub const NOISE: &str = "1 noise";

/// The frames after the header, or in a message of one frame what comes after it in there.
pub fn bodies(number: u32) -> &'static [Vec<u8>] {
    static BODIES: LazyLock<Vec<Vec<Vec<u8>>>> = LazyLock::new(|| {
        let bytes: Vec<u8> = (0..4099u32).map(|number| (number * number / 8) as u8).collect();
        let bytes = bytes.repeat(257);
        let body = |number: u32, index: u32| {
            let random = (number * 4 + index).wrapping_mul(2_654_435_761) as usize;
            let size = match random >> 12 {
                _ if is_large(number) && index == 0 => 1 << 20,
                size if random < 1 << 28 => size % 4096,
                size => size % 128,
            };
            bytes[random % 4096..][..size].to_vec()
        };
        let count = |number: u32| if is_single(number) { 1 } else { 1 + number / 2 % 4 };
        (0..PERIOD).map(|number| (0..count(number)).map(|index| body(number, index)).collect()).collect()
    });
    &BODIES[(number % PERIOD) as usize]
}

pub fn is_single(number: u32) -> bool {
    number.is_multiple_of(2)
}

pub fn is_large(number: u32) -> bool {
    matches!(number % PERIOD, 1_000 | 1_001)
}

fn header<'a>(number: u32, rest: impl IntoIterator<Item = &'a [u8]>) -> String {
    let text = format!("{number:08}");
    let mut checksum = Hasher::new();
    checksum.update(text.as_bytes());
    rest.into_iter().for_each(|frame| checksum.update(frame));
    format!("{text} {:08x}", checksum.finalize())
}

/// The frames of a message.
pub fn frames(number: u32) -> Vec<Vec<u8>> {
    let bodies = bodies(number);
    let mut frames = vec![header(number, bodies.iter().map(Vec::as_slice)).into_bytes()];
    match bodies {
        [body] if is_single(number) => frames[0].extend_from_slice(body),
        bodies => frames.extend_from_slice(bodies),
    }
    frames
}

pub fn message(number: u32) -> Multipart {
    frames(number).into()
}

/// All of it in one frame, for the types that have no others.
#[cfg(feature = "draft")]
pub fn frame(number: u32) -> Vec<u8> {
    frames(number).concat()
}

/// Panics unless these are the frames of that message.
pub fn check<F: AsRef<[u8]>>(number: u32, frames: &[F]) {
    let (first, rest) = frames.split_first().expect("a frame");
    let (start, body) = first.as_ref().split_at_checked(HEADER).unwrap_or_else(|| panic!("{number}: too short"));
    let rest: Vec<_> = is_single(number).then_some(body).into_iter().chain(rest.iter().map(F::as_ref)).collect();
    assert!(is_single(number) || body.is_empty(), "{number}: a header and {} bytes", body.len());
    verify(number, start, &rest);
    assert!(rest.iter().map(|frame| frame.len()).eq(bodies(number).iter().map(Vec::len)), "{number}: other frames");
}

/// Panics unless this is that message in one frame.
#[cfg(feature = "draft")]
pub fn check_frame(number: u32, frame: &[u8]) {
    let (start, rest) = frame.split_at_checked(HEADER).unwrap_or_else(|| panic!("{number}: too short"));
    verify(number, start, &[rest]);
    assert_eq!(rest.len(), bodies(number).iter().map(Vec::len).sum::<usize>(), "{number}: another size");
}

fn verify(number: u32, start: &[u8], rest: &[&[u8]]) {
    let expected = header(number, rest.iter().copied());
    assert!(start == expected.as_bytes(), "{expected} expected, not {}", start.escape_ascii());
}
