//! The task that libzmq asks who may connect, at `inproc://zeromq.zap.01`.

use std::collections::HashMap;
use std::ffi::c_int;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio::time::error::Elapsed;

use crate::core::{Arrival, wait_failed};
use crate::error::{self, Error, Unsent};
use crate::message::Multipart;
use crate::raw::{self, Direction, Ticket, Wait, WaitError, lock};
use crate::security::SecurityRole;
use crate::timer::sleep;

use super::policy::sealed::Policy;
use super::policy::{Decision, ZapPolicy};
use super::request::{Question, Return, ZapReply};

const ENDPOINT: &str = "inproc://zeromq.zap.01";
const NAME: &str = "ZAP handler";

/// How long a policy may think.
const PATIENCE: Duration = Duration::from_secs(10);

/// Kept by its context, and by the sockets that need it: not by the task, which may end before.
pub(crate) struct Handler {
    socket: Mutex<raw::Socket>,
    domains: Mutex<HashMap<String, Weak<Domain>>>,
    task: Mutex<Option<AbortHandle>>,
}

pub(crate) struct Domain {
    name: String,
    handler: Weak<Handler>,
    policy: Box<dyn Fn(&Question) -> Decision + Send + Sync>,
}

impl Domain {
    pub(super) fn register<S: SecurityRole>(
        handler: &Arc<Handler>,
        name: String,
        policy: impl ZapPolicy<S>,
    ) -> error::Result<Arc<Self>> {
        if !(1..=255).contains(&name.len()) {
            return Err(Error::ZapDomain { domain: name, fault: "a name is 1 to 255 bytes" });
        }
        let mut domains = lock(&handler.domains);
        domains.retain(|_, domain| domain.strong_count() > 0);
        if domains.contains_key(&name) {
            return Err(Error::ZapDomain { domain: name, fault: "there is one of that name" });
        }
        let policy = Box::new(move |question: &Question| {
            // What libzmq does not ask about a server of this role is answered no.
            if question.mechanism.as_str() == S::MECHANISM {
                Policy::<S>::decide(&policy, question)
            } else {
                Decision::Now(ZapReply::deny("another mechanism"))
            }
        });
        let domain = Arc::new(Self { name: name.clone(), handler: Arc::downgrade(handler), policy });
        domains.insert(name, Arc::downgrade(&domain));
        Ok(domain)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn handler(&self) -> Option<Arc<Handler>> {
        self.handler.upgrade()
    }
}

pub(super) fn start(context: &raw::Context) -> error::Result<Arc<Handler>> {
    // Also asks whether there is a runtime: the task is spawned on it.
    drop(sleep(NAME, PATIENCE)?);
    // Held until the handler is in it: the end of the context takes it out.
    let mut companion = context.companion();
    let handle = context.handle();
    let handle = handle.ok_or(Error::ContextTerminated { socket: NAME, unsent: Unsent::NOTHING })?;
    let handler = match companion.clone().and_then(|companion| companion.downcast().ok()) {
        Some(handler) => handler,
        None => {
            let failed = |call, errno| wait_failed(NAME, call, WaitError::Errno(errno), Unsent::NOTHING);
            let mut socket = raw::Socket::open(handle, zmq_sys::ZMQ_ROUTER as c_int, false)
                .map_err(|errno| failed("zmq_socket", errno))?;
            socket.set_linger(Some(Duration::ZERO)).map_err(|errno| failed("zmq_setsockopt", errno))?;
            // Before the bind: a name is not free at once when its socket is closed.
            socket.register().map_err(|error| wait_failed(NAME, "zmq_msg_recv", error, Unsent::NOTHING))?;
            socket.bind(ENDPOINT).map_err(|errno| failed("zmq_bind", errno))?;
            Arc::new(Handler { socket: Mutex::new(socket), domains: Mutex::default(), task: Mutex::default() })
        }
    };
    let mut task = lock(&handler.task);
    if task.as_ref().is_none_or(AbortHandle::is_finished) {
        let registered = lock(&handler.socket).register_here();
        registered.map_err(|error| wait_failed(NAME, "zmq_msg_recv", error, Unsent::NOTHING))?;
        *task = Some(tokio::spawn(answer(Arc::downgrade(&handler))).abort_handle());
    }
    drop(task);
    *companion = Some(handler.clone());
    Ok(handler)
}

impl Handler {
    pub(super) fn is_of(&self, context: &Arc<raw::Handle>) -> bool {
        lock(&self.socket).is_of(context)
    }

    fn send(&self, mut reply: Multipart) {
        let mut socket = lock(&self.socket);
        let last = reply.len() - 1;
        for (at, frame) in reply.iter_mut().enumerate() {
            // A peer that has gone needs no answer; and there is room for one.
            if socket.send_frame(frame.frame_mut(), at < last, Wait::Never).is_err() {
                break;
            }
        }
    }

    /// What the domain that is asked about has to say.
    fn decide(&self, question: &Question) -> Decision {
        let domain = lock(&self.domains).get(&question.domain).and_then(Weak::upgrade);
        match domain {
            Some(domain) => (domain.policy)(question),
            None => Decision::Now(ZapReply::deny("unknown domain")),
        }
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        if let Some(task) = lock(&self.task).take() {
            task.abort();
        }
    }
}

/// Answers until the context ends, or its handler is not needed any more.
async fn answer(handler: Weak<Handler>) {
    let mut thinking = JoinSet::new();
    let mut waiting: HashMap<Id, Asked> = HashMap::new();
    loop {
        let event = poll_fn(|cx| match thinking.poll_join_next_with_id(cx) {
            Poll::Ready(Some(thought)) => Poll::Ready(Event::Thought(thought)),
            _ => poll_message(&handler, cx).map(Event::Message),
        });
        let (asked, reply) = match event.await {
            Event::Message(message) => {
                let (Some(message), Some(handler)) = (message, handler.upgrade()) else { return };
                let Some((back, question)) = Question::parse(message) else { continue };
                let asked = Asked::new(back, question.as_ref());
                match question.map(|question| handler.decide(&question)) {
                    Some(Decision::Now(reply)) => (asked, Some(reply)),
                    Some(Decision::Later(reply)) => {
                        let task = thinking.spawn(tokio::time::timeout(PATIENCE, reply));
                        waiting.insert(task.id(), asked);
                        continue;
                    }
                    None => (asked, None),
                }
            }
            Event::Thought(thought) => {
                let id = thought.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
                let Some(asked) = waiting.remove(&id) else { continue };
                // None of one that took too long, or panicked.
                (asked, thought.ok().and_then(|(_, reply)| reply.ok()))
            }
        };
        let Some(handler) = handler.upgrade() else { return };
        handler.send(asked.reply(reply));
    }
}

enum Event {
    /// None is the end.
    Message(Option<Multipart>),
    /// What a policy has come to, in time or not.
    Thought(Result<(Id, Result<ZapReply, Elapsed>), JoinError>),
}

/// Receives a request; nothing after the end of the context.
fn poll_message(handler: &Weak<Handler>, cx: &mut Context<'_>) -> Poll<Option<Multipart>> {
    let Some(handler) = handler.upgrade() else { return Poll::Ready(None) };
    let arrival =
        lock(&handler.socket).poll(cx, Direction::Recv, &mut Ticket::default(), |raw| Arrival::recv(raw, Wait::Never));
    arrival.map(|arrival| arrival.ok().map(Arrival::into_multipart))
}

/// A request that has not been answered yet.
struct Asked {
    back: Return,
    #[cfg(feature = "tracing")]
    about: Option<(String, String, &'static str)>,
}

impl Asked {
    #[cfg_attr(not(feature = "tracing"), allow(unused_variables))]
    fn new(back: Return, question: Option<&Question>) -> Self {
        Self {
            back,
            #[cfg(feature = "tracing")]
            about: question.map(|it| (it.domain.clone(), it.address.clone(), it.mechanism.as_str())),
        }
    }

    /// The reply as libzmq wants it; none is a policy that failed, or a request that makes no sense.
    fn reply(self, reply: Option<ZapReply>) -> Multipart {
        #[cfg(feature = "tracing")]
        if let Some((domain, address, mechanism)) = &self.about {
            match &reply {
                Some(ZapReply::Allow { user_id }) => tracing::debug!(domain, address, mechanism, user_id, "let in"),
                Some(ZapReply::Deny { reason }) => tracing::info!(domain, address, mechanism, reason, "refused"),
                None => tracing::warn!(domain, address, mechanism, "refused: the policy did not answer"),
            }
        }
        match reply {
            // libzmq would cut it there.
            Some(ZapReply::Allow { user_id }) if user_id.contains('\0') => self.back.reply("400", "no user id", ""),
            Some(ZapReply::Allow { user_id }) => self.back.reply("200", "OK", &user_id),
            Some(ZapReply::Deny { .. }) => self.back.reply("400", "denied", ""),
            None => self.back.reply("500", "no answer", ""),
        }
    }
}
