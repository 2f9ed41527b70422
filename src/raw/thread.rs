use std::ffi::c_int;
use std::io;
use std::thread;

/// How the threads of a context are scheduled.
#[derive(Clone, Copy)]
pub(crate) enum Scheduling {
    /// A policy of the system, and a priority in it.
    Policy(c_int, c_int),
    /// By the default policy, as often as can be.
    Urgent,
}

impl Scheduling {
    pub(crate) fn fifo(priority: u8) -> Self {
        Scheduling::Policy(libc::SCHED_FIFO, priority.into())
    }

    pub(crate) fn round_robin(priority: u8) -> Self {
        Scheduling::Policy(libc::SCHED_RR, priority.into())
    }
}

/// Whether a thread may run like this. libzmq asks for it in each of its threads, and aborts the process where it may not:
/// so a thread of ours tries first.
pub(crate) fn try_scheduling(scheduling: Scheduling) -> io::Result<()> {
    in_a_thread(move || match scheduling {
        Scheduling::Policy(policy, priority) => {
            // SAFETY: a sched_param may be all zeros; the thread is this one, the parameters are valid to read.
            let result = unsafe {
                let mut parameters: libc::sched_param = std::mem::zeroed();
                parameters.sched_priority = priority;
                libc::pthread_setschedparam(libc::pthread_self(), policy, &parameters)
            };
            if result == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(result)) }
        }
        Scheduling::Urgent => {
            // SAFETY: no preconditions; on Linux it is about this thread. libzmq takes -1 for a failure, also where it is
            // the new value.
            if unsafe { libc::nice(-20) } == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
        }
    })
}

/// Whether a thread may run on these processors: as above.
#[cfg(target_os = "linux")]
pub(crate) fn try_affinity(processors: &[u16]) -> io::Result<()> {
    if processors.iter().any(|processor| usize::from(*processor) >= libc::CPU_SETSIZE as usize) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let processors = processors.to_vec();
    in_a_thread(move || {
        // SAFETY: a cpu_set_t may be all zeros; the numbers are below its size, and it is valid to read.
        let result = unsafe {
            let mut set: libc::cpu_set_t = std::mem::zeroed();
            for processor in processors {
                libc::CPU_SET(processor.into(), &mut set);
            }
            libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set)
        };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn try_affinity(_: &[u16]) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn in_a_thread(attempt: impl FnOnce() -> io::Result<()> + Send + 'static) -> io::Result<()> {
    let attempt = thread::Builder::new().spawn(attempt)?;
    attempt.join().unwrap_or_else(|_| Err(io::Error::other("the thread that tried it panicked")))
}
