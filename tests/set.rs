//! Many sockets in one task.

mod common;

use std::collections::HashMap;
use std::time::Duration;

use common::{SLOWNESS, alone, cpu_time, current_thread, endpoint, multi_thread, within};
use zmq_typestate::*;

fn pairs(context: &Context, pairs: usize, transport: &str) -> (SocketSet<Pull, Bound>, Vec<Socket<Push, Connected>>) {
    let mut set = SocketSet::new();
    let mut feeds = Vec::new();
    for _ in 0..pairs {
        let pull = context.socket::<Pull>().unwrap().bind(endpoint(transport)).unwrap();
        feeds.push(context.socket::<Push>().unwrap().connect(pull.address()).unwrap());
        set.insert(pull);
    }
    (set, feeds)
}

fn big_context() -> Context {
    Context::builder().max_sockets(std::num::NonZeroU16::new(5000).unwrap()).build().unwrap()
}

/// Two thousand sockets, each of which has something now and then: everything comes, once, in the order of its socket.
#[test]
fn two_thousand_sockets_in_one_task() {
    const SOCKETS: usize = 2000;
    const EACH: u32 = 20;
    for runtime in [current_thread(), multi_thread()] {
        runtime.block_on(within(async {
            let context = big_context();
            let (mut set, mut feeds) = pairs(&context, SOCKETS, "inproc");
            assert_eq!(set.len(), SOCKETS);
            let feeding = tokio::spawn(async move {
                for number in 0..EACH {
                    for feed in &mut feeds {
                        feed.send(number.to_be_bytes()).await.unwrap();
                    }
                }
                feeds
            });
            let mut next = HashMap::new();
            for _ in 0..SOCKETS * EACH as usize {
                let (key, message) = set.recv().await.unwrap();
                let number: &mut u32 = next.entry(key).or_default();
                assert_eq!(message.unwrap(), number.to_be_bytes());
                *number += 1;
            }
            assert_eq!(next.len(), SOCKETS);
            let _feeds = feeding.await.unwrap();
            assert!(tokio::time::timeout(Duration::from_millis(5), set.recv()).await.is_err());
        }));
    }
}

/// A current-thread runtime forgets who wanted to run again when its `block_on` ends.
#[test]
fn a_runtime_that_pauses_strands_no_socket() {
    let runtime = current_thread();
    let context = Context::new().unwrap();
    let (mut set, mut feeds) = pairs(&context, 10, "inproc");
    for number in 0..100 {
        feeds[number * 7 % 10].try_send("here").unwrap();
        // Those before it in the queue have nothing, and are looked at all the same.
        assert_eq!(runtime.block_on(within(set.recv())).unwrap().1.unwrap(), "here");
    }
}

/// A socket that always has something does not hold up the others.
#[test]
fn everybody_has_a_turn() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let (mut set, mut feeds) = pairs(&context, 10, "inproc");
        for _ in 0..500 {
            feeds[0].try_send("busy").unwrap();
        }
        for feed in &mut feeds[1..] {
            feed.try_send("once").unwrap();
        }
        let mut once = 0;
        for _ in 0..20 {
            once += usize::from(set.recv().await.unwrap().1.unwrap() == "once");
        }
        assert_eq!(once, 9);
    }));
}

#[test]
fn an_empty_set_has_nothing_to_wait_for() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut set = SocketSet::<Pull, Bound>::new();
        assert!(set.recv().await.is_none());
        let key = set.insert(context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap());
        assert!(set.remove(key).is_some());
        assert!(set.recv().await.is_none());
    }));
}

#[test]
fn sockets_come_and_go() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let (mut set, mut feeds) = pairs(&context, 3, "tcp");
        let waiting = tokio::time::timeout(Duration::from_millis(20), set.recv()).await;
        assert!(waiting.is_err());
        feeds[1].send("one").await.unwrap();
        let (key, message) = set.recv().await.unwrap();
        assert_eq!(message.unwrap(), "one");
        let mut pull = set.remove(key).unwrap();
        assert!(set.remove(key).is_none() && set.get_mut(key).is_none() && set.len() == 2);
        // The first key of another set is no key of this one.
        let mut other = SocketSet::new();
        let foreign = other.insert(context.socket::<Pull>().unwrap().bind(endpoint("tcp")).unwrap());
        assert!(set.get_mut(foreign).is_none() && set.remove(foreign).is_none());
        feeds[1].send("two").await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), "two");
        let again = set.insert(pull);
        assert_ne!(again, key);
        assert!(set.remove(key).is_none());
        feeds[1].send_multipart(["three", "four"]).await.unwrap();
        // A failure is that of the one socket, and has the message in it.
        let (key, failure) = set.recv().await.unwrap();
        assert_eq!((key, failure.unwrap_err().into_message()), (again, Some(["three", "four"].into())));
        // What is read behind the set's back is found all the same.
        feeds[1].send("five").await.unwrap();
        feeds[1].send("six").await.unwrap();
        let five = loop {
            if let Ok(message) = set.get_mut(again).unwrap().try_recv() {
                break message;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(five, "five");
        assert_eq!(set.recv().await.unwrap().1.unwrap(), "six");
        context.shutdown();
        assert!(matches!(set.recv().await.unwrap().1, Err(Error::ContextTerminated { .. })));
    }));
}

/// One task that is busy with itself, and one socket of many that is: neither costs the others a look.
#[test]
fn waiting_for_many_uses_no_processor() {
    if !alone("waiting_for_many_uses_no_processor") {
        return;
    }
    current_thread().block_on(within(async {
        let context = big_context();
        let (mut set, mut feeds) = pairs(&context, 2000, "inproc");
        for feed in &mut feeds {
            feed.send("first").await.unwrap();
            set.recv().await.unwrap().1.unwrap();
        }
        let before = cpu_time();
        for _ in 0..100 {
            feeds[7].send("tick").await.unwrap();
            set.recv().await.unwrap().1.unwrap();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let used = cpu_time() - before;
        assert!(used < SLOWNESS * Duration::from_millis(200), "{used:?} of a second");
    }));
}
