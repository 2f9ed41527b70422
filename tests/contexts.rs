//! The settings of a context.

mod common;

use std::num::{NonZeroU16, NonZeroU64};

use common::endpoint;
use zmq_typestate::*;

#[test]
fn a_context_has_the_settings_of_its_builder() {
    let context = Context::builder().io_threads(3).max_sockets(NonZeroU16::new(2).unwrap()).ipv6(true);
    let context = context.zero_copy_recv(false).build().unwrap();
    let one = context.socket::<Pair>().unwrap();
    assert!(one.options().ipv6().unwrap());
    let two = context.socket::<Pair>().unwrap();
    assert!(matches!(context.socket::<Pair>(), Err(Error::System { call: "zmq_socket", .. })));
    // The third I/O thread is there.
    let _one = one.affinity(NonZeroU64::new(4).unwrap()).bind(endpoint("tcp")).unwrap();
    assert!(two.affinity(NonZeroU64::new(8).unwrap()).bind(endpoint("tcp")).is_err());

    let inproc_only = Context::builder().io_threads(0).build().unwrap();
    let mut here = inproc_only.socket::<Pair>().unwrap().bind("inproc://here").unwrap();
    let mut there = inproc_only.socket::<Pair>().unwrap().connect(here.address()).unwrap();
    there.blocking_send("hello").unwrap();
    assert_eq!(here.blocking_recv().unwrap(), "hello");
    assert!(inproc_only.socket::<Pair>().unwrap().bind(endpoint("tcp")).is_err());
}

/// libzmq keeps the sockets of connections that wait for an inproc name, and would open one more for each when their context
/// ends; it aborts the process if there is no room for that.
#[tokio::test]
async fn a_context_that_is_full_of_early_connections_ends() {
    let full = || {
        let context = Context::builder().max_sockets(NonZeroU16::MIN).build().unwrap();
        let connect = |number| context.socket::<Push>()?.connect(format!("inproc://nobody-{number}"));
        let early = (0..100).take_while(|number| connect(*number).is_ok()).count();
        assert!((1..100).contains(&early), "{early}");
        context
    };
    assert_eq!(full().terminate().await, Termination::InTime);
    let context = full();
    context.shutdown();
    assert_eq!(context.terminate().await, Termination::InTime);
}

#[cfg(libzmq_define = "ZMQ_HAVE_PTHREAD_SETNAME_2")]
#[cfg(feature = "draft")]
#[test]
fn the_threads_of_a_context_can_be_named() {
    fn thread_names() -> Vec<String> {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
        tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok()).collect()
    }

    for name in ["orders", "four"] {
        let context = Context::builder().thread_name_prefix(name).build().unwrap();
        let _socket = context.socket::<Pair>().unwrap();
        let deadline = std::time::Instant::now() + common::DEADLINE;
        while !thread_names().iter().any(|thread| thread.starts_with(name)) {
            assert!(std::time::Instant::now() < deadline, "{:?}", thread_names());
        }
    }
    let too_long = Context::builder().thread_name_prefix("a name of seventeen").build().unwrap_err();
    assert_eq!(
        too_long.to_string(),
        "context does not take ZMQ_THREAD_NAME_PREFIX = \"a name of seventeen\": Invalid argument (os error 22)"
    );
}

#[cfg(libzmq_define = "ZMQ_HAVE_PTHREAD_SET_AFFINITY")]
#[test]
fn the_threads_of_a_context_can_be_kept_to_processors() {
    let context = Context::builder().thread_affinity([0]).build().unwrap();
    let _socket = context.socket::<Pair>().unwrap();
    let deadline = std::time::Instant::now() + common::DEADLINE;
    let tasks = || std::fs::read_dir("/proc/self/task").unwrap().flatten();
    while !tasks().any(|task| {
        let status = std::fs::read_to_string(task.path().join("status")).unwrap_or_default();
        status.lines().any(|line| line.split_whitespace().eq(["Cpus_allowed_list:", "0"]))
    }) {
        assert!(std::time::Instant::now() < deadline);
    }
    // The last word counts.
    let context = Context::builder().thread_affinity([1023]).thread_affinity([0]).build().unwrap();
    drop(context.socket::<Pair>().unwrap());
    let context = Context::builder().thread_affinity([1023]).thread_affinity([]).build().unwrap();
    drop(context.socket::<Pair>().unwrap());
    // libzmq would abort, or write past its set.
    for none in [1023, 1024, u16::MAX] {
        let refused = Context::builder().thread_affinity([none]).build();
        let error = refused.unwrap_err();
        assert!(matches!(error, Error::Option { socket: "context", .. }), "{error:?}");
        assert!(error.to_string().contains(&format!("ZMQ_THREAD_AFFINITY_CPU_ADD = [{none}]")), "{error}");
    }
}

/// Where the system does not allow it, it is an error; libzmq would abort.
#[test]
fn a_scheduling_that_is_not_allowed_is_an_error() {
    for scheduling in [
        ThreadScheduling::Fifo(1),
        ThreadScheduling::RoundRobin(99),
        ThreadScheduling::Urgent,
        ThreadScheduling::Fifo(0),
        ThreadScheduling::RoundRobin(100),
    ] {
        let impossible = matches!(scheduling, ThreadScheduling::Fifo(0) | ThreadScheduling::RoundRobin(100));
        match Context::builder().thread_scheduling(scheduling).build() {
            Ok(context) => {
                assert!(!impossible, "{scheduling:?}");
                let mut here = context.socket::<Pair>().unwrap().bind("inproc://here").unwrap();
                let mut there = context.socket::<Pair>().unwrap().connect(here.address()).unwrap();
                there.blocking_send("hello").unwrap();
                assert_eq!(here.blocking_recv().unwrap(), "hello");
            }
            Err(error) => assert!(matches!(error, Error::Option { socket: "context", .. }), "{error:?}"),
        }
    }
}
