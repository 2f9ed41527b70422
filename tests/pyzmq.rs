//! Security against pyzmq, another program with a libzmq of its own. The patterns are in tests/foreign.

use zmq_typestate::{
    Context, HandshakeFailure, Idle, Monitor, MonitorEventKind, PlainClient, PlainServer, PlainUsers, Rep, Req,
    SecurityRole, Socket, ZapHandler,
};

mod common;

use common::peer::{Peer, python, script};
use common::{current_thread, endpoint, within};

const QUESTIONS: usize = 100;

async fn refused(monitor: &mut Monitor) -> u32 {
    loop {
        match monitor.recv().await.unwrap().unwrap().kind {
            MonitorEventKind::HandshakeFailed(HandshakeFailure::Refused(status)) => return status,
            MonitorEventKind::HandshakeSucceeded => panic!("let in"),
            _ => {}
        }
    }
}

/// A server of ours, which a Python client may reach that has the first credentials, and not one that has the second.
async fn serve_pyzmq<S: SecurityRole>(
    python: &str,
    mut desk: Socket<Rep>,
    secure: impl FnOnce(Socket<Rep>) -> Socket<Rep, Idle<S>>,
    [right, wrong]: [[&str; 3]; 2],
    user_id: &str,
) {
    let mut monitor = desk.monitor().unwrap();
    let mut desk = secure(desk).bind(endpoint("tcp")).unwrap();
    let address = desk.address().to_string();
    let ask = |credentials: [&str; 3]| {
        let mut command = script(python, "secured.py");
        command.args(["ask", &address]).args(credentials);
        Peer::new(command)
    };
    let stranger = ask(wrong);
    assert_eq!(refused(&mut monitor).await, 400);
    assert!(desk.try_next_request().is_err_and(|error| error.is_would_block()));
    drop(stranger);
    let mut client = ask(right);
    for number in 0..QUESTIONS {
        let question = desk.next_request().await.unwrap();
        assert_eq!(question[0], format!("question {number}"));
        assert_eq!(question[0].metadata("User-Id"), Some(user_id));
        question.reply(format!("answer {number}")).unwrap();
    }
    for number in 0..QUESTIONS {
        assert_eq!(client.wire.line().await, format!("answer {number}"));
    }
    client.ends().await;
}

/// A Python server, which a client of ours may reach that is secured by `secure(.., true)`, and not by `secure(.., false)`.
async fn ask_pyzmq<S: SecurityRole>(
    python: &str,
    context: &Context,
    credentials: [&str; 3],
    secure: impl Fn(Socket<Req>, bool) -> Socket<Req, Idle<S>>,
    user_id: &str,
) {
    let mut command = script(python, "secured.py");
    command.arg("serve").args(credentials);
    let mut server = Peer::new(command);
    let address = server.wire.line().await;
    let mut stranger = context.socket::<Req>().unwrap();
    let mut monitor = stranger.monitor().unwrap();
    let mut stranger = secure(stranger, false).connect(&address).unwrap();
    tokio::select! {
        answer = stranger.request("let me in") => panic!("{answer:?}"),
        status = refused(&mut monitor) => assert_eq!(status, 400),
    }
    let mut client = secure(context.socket::<Req>().unwrap(), true).connect(&address).unwrap();
    for number in 0..QUESTIONS {
        let answer = client.request(format!("question {number}")).await.unwrap();
        assert_eq!(answer, format!("question {number} from {user_id}"));
    }
}

#[test]
fn plain_with_pyzmq_on_either_side() {
    let Some(python) = python() else { return };
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let users = PlainUsers::from_iter([("ann", "apple")]);
        let domain = ZapHandler::start(&context).unwrap().domain("fruit", users).unwrap();
        let server = PlainServer::unencrypted(&domain);
        let credentials = [["plain", "ann", "apple"], ["plain", "ann", "pear"]];
        let desk = context.socket::<Rep>().unwrap();
        serve_pyzmq(&python, desk, |desk| desk.plain_server(&server), credentials, "ann").await;

        let secure = |socket: Socket<Req>, right| {
            let password = if right { "apple" } else { "pear" };
            socket.plain_client(&PlainClient::unencrypted("ann", password).unwrap())
        };
        ask_pyzmq(&python, &context, credentials[0], secure, "ann").await;
    }));
}

#[cfg(feature = "curve")]
#[test]
fn curve_with_pyzmq_on_either_side() {
    use zmq_typestate::{CurveClient, CurveKeys, CurveServer, KeyPair};

    let Some(python) = python() else { return };
    current_thread().block_on(within(async {
        let [server_keys, known, unknown] = [(); 3].map(|()| KeyPair::generate());
        let text = |keys: &KeyPair| (keys.public_key().to_string(), keys.secret_key().expose_z85().to_string());
        let (server_key, server_secret) = text(&server_keys);
        let (known_key, known_secret) = text(&known);
        let (_, unknown_secret) = text(&unknown);

        let context = Context::new().unwrap();
        let zap = ZapHandler::start(&context).unwrap();
        let domain = zap.domain("fleet", CurveKeys::from_iter([known.public_key()])).unwrap();
        let server = CurveServer::new(server_keys).authenticate(&domain);
        let credentials = [["curve", &server_key, &known_secret], ["curve", &server_key, &unknown_secret]];
        let desk = context.socket::<Rep>().unwrap();
        serve_pyzmq(&python, desk, |desk| desk.curve_server(&server), credentials, &known_key).await;

        let [known, unknown] = [known, unknown].map(|own| CurveClient::new(server.public_key(), own));
        let secure = |socket: Socket<Req>, right| socket.curve_client(if right { &known } else { &unknown });
        ask_pyzmq(&python, &context, ["curve", &server_secret, &known_key], secure, &known_key).await;
    }));
}
