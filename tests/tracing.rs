//! What is traced, with the feature `tracing`.

#![cfg(feature = "tracing")]

mod common;

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use common::endpoint;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use zmq_typestate::*;

/// Keeps the fields of each event, as text.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("zmq_typestate")
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0.trim_end().to_owned());
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn attaching_detaching_and_what_monitors_tell_is_traced() {
    let kept = Kept::default();
    let at = tracing::subscriber::with_default(kept.clone(), || {
        let context = Context::new().unwrap();
        let mut pull = context.socket::<Pull>().unwrap();
        let mut monitor = pull.monitor().unwrap();
        let mut pull = pull.bind(endpoint("tcp")).unwrap();
        monitor.blocking_recv().unwrap();
        let at = pull.address();
        let mut push = context.socket::<Push>().unwrap().connect(&at).unwrap();
        push.disconnect(&at).unwrap();
        pull.unbind(&at).unwrap();
        at
    });
    assert_eq!(
        *kept.0.lock().unwrap(),
        [
            format!("message=bind socket=\"PULL\" endpoint=\"{at}\""),
            format!("message=listening socket=\"PULL\" endpoint=\"{at}\""),
            format!("message=connect socket=\"PUSH\" endpoint=\"{at}\""),
            format!("message=disconnect socket=\"PUSH\" endpoint=\"{at}\""),
            format!("message=unbind socket=\"PULL\" endpoint=\"{at}\""),
        ]
    );
}

#[test]
fn who_is_let_in_is_traced_and_no_secret() {
    let kept = Kept::default();
    let runtime = common::current_thread();
    tracing::subscriber::with_default(kept.clone(), || {
        runtime.block_on(common::within(async {
            let context = Context::new().unwrap();
            let users = PlainUsers::from_iter([("ann", "the-password")]);
            let domain = ZapHandler::start(&context).unwrap().domain("fruit", users).unwrap();
            let mut pull = context.socket::<Pull>().unwrap().plain_server(&PlainServer::unencrypted(&domain));
            let mut monitor = pull.monitor().unwrap();
            let mut pull = pull.bind(endpoint("tcp")).unwrap();
            for password in ["another-password", "the-password"] {
                let client = PlainClient::unencrypted("ann", password).unwrap();
                let mut push = context.socket::<Push>().unwrap().plain_client(&client).connect(pull.address()).unwrap();
                push.send("hello").await.unwrap();
                let failed = |event: MonitorEvent| matches!(event.kind, MonitorEventKind::HandshakeFailed(_));
                while password == "another-password" && !failed(monitor.recv().await.unwrap().unwrap()) {}
            }
            pull.recv().await.unwrap();
        }));
    });
    let kept = kept.0.lock().unwrap();
    let asked = "domain=\"fruit\" address=\"127.0.0.1\" mechanism=\"PLAIN\"";
    let refused = format!("message=refused {asked} reason=\"unknown user, or wrong password\"");
    assert!(kept.contains(&refused), "{kept:#?}");
    assert!(kept.contains(&format!("message=let in {asked} user_id=\"ann\"")), "{kept:#?}");
    assert!(!kept.iter().any(|event| event.contains("-password")), "{kept:#?}");
}
