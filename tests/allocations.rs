//! Sending and receiving a small message allocates nothing on the Rust side.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use zmq_typestate::{Bound, Connected, Context, Pair, Socket};

/// Counts the allocations of the current thread.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A round trip over inproc, a thousand times; gives the allocations that they took.
async fn round_trips(here: &mut Socket<Pair, Bound>, there: &mut Socket<Pair, Connected>, payload: &[u8]) -> usize {
    let before = ALLOCATIONS.get();
    for _ in 0..1000 {
        here.send(payload).await.unwrap();
        assert_eq!(there.recv().await.unwrap(), payload);
        there.send(payload).await.unwrap();
        assert_eq!(here.recv().await.unwrap(), payload);
    }
    ALLOCATIONS.get() - before
}

#[test]
fn a_small_message_allocates_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let context = Context::new().unwrap();
        let mut here = context.socket::<Pair>().unwrap().bind("inproc://allocations").unwrap();
        let mut there = context.socket::<Pair>().unwrap().connect(here.address()).unwrap();
        // The first calls register the descriptors with the runtime, which allocates: that shows that it is counted.
        assert_ne!(round_trips(&mut here, &mut there, &[7; 33]).await, 0);
        for size in [0, 1, 33] {
            assert_eq!(round_trips(&mut here, &mut there, &vec![7; size]).await, 0, "{size} bytes");
        }
    });
}
