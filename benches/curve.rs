//! CURVE and plaintext over tcp, by blocking calls of the `zmq` crate and by this crate, on the same libzmq in one run, in turn:
//! messages one way from thread to thread (PUSH/PULL), and new clients one after another, each of which sends one message.
//!
//! Ends with two tables of the rates and ratios; above 1 this crate is faster.

mod rounds;

use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 31;
const ENDPOINT: &str = "tcp://127.0.0.1:*";

/// Seconds that so many messages, or clients, take.
type Contender = Box<dyn FnMut(usize) -> f64>;

fn main() {
    println!(
        "| PUSH/PULL, tcp | zmq plaintext | zmq CURVE | zmq-typestate plaintext | zmq-typestate CURVE | ratio of CURVE |"
    );
    println!("|---|---|---|---|---|---|");
    for (size, label, messages) in [(64, "64 B", 100_000), (1 << 10, "1 KiB", 50_000), (1 << 16, "64 KiB", 2_000)] {
        let contenders = || {
            [
                theirs::messages(theirs::open(), size),
                theirs::messages(theirs::curve(), size),
                ours::messages(ours::open(), size),
                ours::messages(ours::curve(None), size),
            ]
        };
        let results = Results::of(contenders, messages);
        let rates = [0, 1, 2, 3].map(|at| format!("{:.0} msg/s", results.rate(at))).join(" | ");
        println!("| {label} | {rates} | {:.2} |", results.ratio(1, 3));
    }

    let contenders = || {
        let runtime = runtime();
        let authenticated = ours::curve(Some(&runtime));
        [
            theirs::clients(theirs::open()),
            theirs::clients(theirs::curve()),
            ours::clients(self::runtime(), ours::open()),
            ours::clients(self::runtime(), ours::curve(None)),
            ours::clients(runtime, authenticated),
        ]
    };
    let results = Results::of(contenders, 200);
    println!("\n| new clients, tcp | zmq | zmq-typestate | ratio |\n|---|---|---|---|");
    for (label, theirs, ours) in
        [("plaintext", 0, 2), ("CURVE, any client", 1, 3), ("CURVE, authenticated by zmq-typestate only", 1, 4)]
    {
        let [first, second] = [theirs, ours].map(|at| results.rate(at));
        println!("| {label} | {first:.0} /s | {second:.0} /s | {:.2} |", results.ratio(theirs, ours));
    }
    std::process::exit(0);
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// What each contender took, by rounds.
struct Results<const N: usize> {
    seconds: Vec<[f64; N]>,
    count: usize,
}

impl<const N: usize> Results<N> {
    fn of(contenders: impl Fn() -> [Contender; N], count: usize) -> Self {
        let round = |_| {
            // New ones in each round: two of the same kind differ by a quarter and more, for as long as they stand.
            contenders().map(|mut contender| {
                contender(count / 4); // warms up
                contender(count)
            })
        };
        Self { seconds: (0..ROUNDS).map(round).collect(), count }
    }

    fn rate(&self, at: usize) -> f64 {
        self.count as f64 / self.median(|round| round[at])
    }

    fn ratio(&self, theirs: usize, ours: usize) -> f64 {
        self.median(|round| round[theirs] / round[ours])
    }

    fn median(&self, of: impl FnMut(&[f64; N]) -> f64) -> f64 {
        rounds::median(self.seconds.iter().map(of))
    }
}

mod theirs {
    use super::*;

    /// A server, and what connects another client to it.
    type Ends<C> = (zmq::Socket, C);

    pub fn open() -> Ends<impl Fn() -> zmq::Socket> {
        ends(|_| (), |_| ())
    }

    pub fn curve() -> Ends<impl Fn() -> zmq::Socket> {
        let [server_keys, client_keys] = [(); 2].map(|()| zmq::CurveKeyPair::new().unwrap());
        let server_key = server_keys.public_key;
        ends(
            move |pull| {
                pull.set_curve_server(true).unwrap();
                pull.set_curve_secretkey(&server_keys.secret_key).unwrap();
            },
            move |push| {
                push.set_curve_serverkey(&server_key).unwrap();
                push.set_curve_publickey(&client_keys.public_key).unwrap();
                push.set_curve_secretkey(&client_keys.secret_key).unwrap();
            },
        )
    }

    fn ends(server: impl FnOnce(&zmq::Socket), client: impl Fn(&zmq::Socket)) -> Ends<impl Fn() -> zmq::Socket> {
        let context = zmq::Context::new();
        let pull = context.socket(zmq::PULL).unwrap();
        server(&pull);
        pull.bind(ENDPOINT).unwrap();
        let address = pull.get_last_endpoint().unwrap().unwrap();
        let connect = move || {
            let push = context.socket(zmq::PUSH).unwrap();
            client(&push);
            push.connect(&address).unwrap();
            push
        };
        (pull, connect)
    }

    pub fn messages((pull, connect): Ends<impl Fn() -> zmq::Socket>, size: usize) -> Contender {
        let push = connect();
        let (feed, orders) = mpsc::channel();
        thread::spawn(move || {
            let payload = vec![7; size];
            for messages in orders {
                for _ in 0..messages {
                    push.send(&payload[..], 0).unwrap();
                }
            }
        });
        Box::new(move |messages| {
            let begun = Instant::now();
            feed.send(messages).unwrap();
            for _ in 0..messages {
                assert_eq!(pull.recv_msg(0).unwrap().len(), size);
            }
            begun.elapsed().as_secs_f64()
        })
    }

    pub fn clients((pull, connect): Ends<impl Fn() -> zmq::Socket + 'static>) -> Contender {
        Box::new(move |clients| {
            let begun = Instant::now();
            for _ in 0..clients {
                let push = connect();
                push.send(&[7; 64][..], 0).unwrap();
                assert_eq!(pull.recv_msg(0).unwrap().len(), 64);
            }
            begun.elapsed().as_secs_f64()
        })
    }
}

mod ours {
    use zmq_typestate::{
        Bound, Connected, Context, Curve, CurveClient, CurveKeys, CurveServer, KeyPair, Open, Pull, Push, SecurityRole,
        Socket, ZapHandler,
    };

    use super::*;

    /// A server, and what connects another client to it.
    type Ends<S, C> = (Socket<Pull, Bound<S>>, C);

    pub fn open() -> Ends<Open, impl Fn() -> Socket<Push, Connected>> {
        let context = Context::new().unwrap();
        let pull = context.socket::<Pull>().unwrap().bind(ENDPOINT).unwrap();
        let address = pull.address().clone();
        (pull, move || context.socket::<Push>().unwrap().connect(&address).unwrap())
    }

    /// For any client, or with a handler in the runtime that knows the one.
    pub fn curve(zap: Option<&Runtime>) -> Ends<Curve, impl Fn() -> Socket<Push, Connected<Curve>> + use<>> {
        let context = Context::new().unwrap();
        let server = CurveServer::new(KeyPair::generate());
        let client = CurveClient::new(server.public_key(), KeyPair::generate());
        let server = match zap {
            Some(runtime) => {
                let _inside = runtime.enter();
                let known = CurveKeys::from_iter([client.public_key()]);
                server.authenticate(ZapHandler::start(&context).unwrap().domain("bench", known).unwrap())
            }
            None => server.allow_any_client(),
        };
        let pull = context.socket::<Pull>().unwrap().curve_server(&server).bind(ENDPOINT).unwrap();
        let address = pull.address().clone();
        let connect = move || context.socket::<Push>().unwrap().curve_client(&client).connect(&address).unwrap();
        (pull, connect)
    }

    pub fn messages<S: SecurityRole>(
        (mut pull, connect): Ends<S, impl Fn() -> Socket<Push, Connected<S>>>,
        size: usize,
    ) -> Contender {
        let mut push = connect();
        let (feed, orders) = mpsc::channel();
        thread::spawn(move || {
            let payload = vec![7; size];
            let runtime = runtime();
            for messages in orders {
                runtime.block_on(async {
                    for _ in 0..messages {
                        push.send(&payload[..]).await.unwrap();
                    }
                });
            }
        });
        let runtime = runtime();
        Box::new(move |messages| {
            let begun = Instant::now();
            feed.send(messages).unwrap();
            runtime.block_on(async {
                for _ in 0..messages {
                    assert_eq!(pull.recv().await.unwrap().len(), size);
                }
            });
            begun.elapsed().as_secs_f64()
        })
    }

    /// A handler has its task in the same runtime.
    pub fn clients<S: SecurityRole>(
        runtime: Runtime,
        (mut pull, connect): Ends<S, impl Fn() -> Socket<Push, Connected<S>> + 'static>,
    ) -> Contender {
        Box::new(move |clients| {
            let begun = Instant::now();
            runtime.block_on(async {
                for _ in 0..clients {
                    let mut push = connect();
                    push.send([7; 64]).await.unwrap();
                    assert_eq!(pull.recv().await.unwrap().len(), 64);
                }
            });
            begun.elapsed().as_secs_f64()
        })
    }
}
