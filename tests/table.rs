//! What each of the 21 types can do, and whom it talks to: the whole of the library's table, entry by entry, beside the same as
//! data, which is written down here a second time (after zmq_socket(3) and libzmq's own check of its peers).

use std::marker::PhantomData;

use zmq_typestate::*;

/// Whether a bound holds.
macro_rules! holds {
    ($T:ty: $($bound:tt)+) => {{
        #[allow(dead_code)]
        trait Otherwise {
            const HOLDS: bool = false;
        }
        impl<T> Otherwise for Asked<T> {}
        struct Asked<T>(#[allow(dead_code)] PhantomData<T>);
        #[allow(dead_code)]
        impl<T: $($bound)+> Asked<T> {
            const HOLDS: bool = true;
        }
        Asked::<$T>::HOLDS
    }};
}

/// The types of which a bound holds, and for each the peers that it talks to.
macro_rules! table {
    ($dollar:tt $($T:ident)*) => { table!(@ $dollar [$($T)*] $($T)*); };
    (@ $dollar:tt $all:tt $($T:ident)*) => {
        const TYPES: &[&str] = &[$(stringify!($T)),*];

        fn peers() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![$( (stringify!($T), table!(row $T $all)) ),*]
        }

        macro_rules! those_that {
            ($dollar($dollar bound:tt)+) => {{
                let mut those = Vec::new();
                $( if holds!($T: $dollar($dollar bound)+) { those.push(stringify!($T)); } )*
                those
            }};
        }
    };
    (row $A:ident [$($B:ident)*]) => {{
        let mut peers = Vec::new();
        $( if holds!($A: TalksTo<$B>) { peers.push(stringify!($B)); } )*
        peers
    }};
}

#[cfg(feature = "draft")]
table! { $ Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream Server Client Radio Dish Gather Scatter Dgram Peer Channel }
#[cfg(not(feature = "draft"))]
table! { $ Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream }

/// Of these names, those of the types that are there.
fn there(names: &str) -> Vec<&str> {
    TYPES.iter().copied().filter(|it| names.split_whitespace().any(|name| name == *it)).collect()
}

#[test]
fn each_type_talks_to_those_that_libzmq_lets_it_talk_to() {
    let expected = "
        Pair: Pair
        Pub: Sub XSub
        Sub: Pub XPub
        Req: Rep Router
        Rep: Req Dealer
        Dealer: Rep Dealer Router
        Router: Req Dealer Router
        Pull: Push
        Push: Pull
        XPub: Sub XSub
        XSub: Pub XPub
        Stream: Stream
        Server: Client
        Client: Server
        Radio: Dish
        Dish: Radio
        Gather: Scatter
        Scatter: Gather
        Dgram: Dgram
        Peer: Peer
        Channel: Channel";
    let mut rows = 0;
    for (name, peers) in peers() {
        let row = expected.lines().find_map(|line| line.trim().strip_prefix(&format!("{name}:"))).unwrap();
        assert_eq!(peers, there(row), "{name}");
        rows += 1;
    }
    assert_eq!(rows, TYPES.len());
    // Both ends have to agree.
    let peers = peers();
    for (one, its) in &peers {
        for other in its {
            let back = &peers.iter().find(|(name, _)| name == other).unwrap().1;
            assert!(back.contains(one), "{one} and {other}");
        }
    }
}

#[test]
fn each_type_can_do_what_libzmq_lets_it_do() {
    let mut checked = 0;
    let mut expect = |what: &str, those: Vec<&str>, names: &str| {
        assert_eq!(those, there(names), "{what}");
        checked += 1;
    };
    macro_rules! expect {
        ($bound:path, $names:literal) => {
            expect(stringify!($bound), those_that!($bound), $names)
        };
    }
    // A SUB and a DISH here have subscribed and joined, a REQ has no question open, and a REP owes nothing.
    expect!(CanSend, "Pair Pub Dealer Push XPub Client Scatter Channel");
    expect!(CanRecv, "Pair Sub Dealer Router Pull XPub XSub Stream Server Client Dish Gather Dgram Peer Channel");
    expect!(CanSendMultipart, "Pair Pub Dealer Push XPub");
    expect!(CanRecvMultipart, "Pair Sub Dealer Router Pull XSub");
    expect!(SendsNow, "Req");
    expect!(ReceivesNow, "Rep");
    expect!(CanSubscribe, "Sub XSub");
    expect!(
        CanConnect,
        "Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream Server Client Radio Dish Gather Scatter Channel"
    );
    expect!(
        ManyEndpoints,
        "Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream Server Client Radio Dish Gather Scatter Peer"
    );
    expect!(Duplex, "Pair Dealer Router XPub XSub Stream");
    expect!(Routes, "Router Stream Server Peer");
    expect!(Captures, "Pair Pub Dealer Push");
    expect!(Announces, "Req Dealer Router");
    expect!(NamesPeers, "Router");
    expect!(Asks, "Req");
    expect!(Conflates, "Pub Sub Dealer Pull Push");
    expect!(QueuesAhead, "Pair Req Dealer Push Client Scatter Channel");
    expect!(HearsSubscriptions, "XPub");
    expect!(MatchesTopics, "Pub Sub XPub");
    expect!(
        HasConnections,
        "Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Stream Server Client Radio Dish Gather Scatter Peer Channel"
    );
    expect!(
        Heartbeats,
        "Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Server Client Gather Scatter Peer Channel"
    );
    expect!(
        Zmtp,
        "Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Server Client Radio Dish Gather Scatter Peer Channel"
    );
    expect!(
        FreeRunning,
        "Pair Pub Sub Dealer Router Pull Push XPub XSub Stream Server Client Radio Dish Gather Scatter Dgram Peer Channel"
    );
    expect!(
        SendsMessages,
        "Pair Pub Req Rep Dealer Router Push XPub XSub Stream Server Client Radio Scatter Dgram Peer Channel"
    );
    expect!(
        ReceivesMessages,
        "Pair Sub Req Rep Dealer Router Pull XPub XSub Stream Server Client Dish Gather Dgram Peer Channel"
    );
    #[cfg(feature = "draft")]
    {
        expect!(CanJoin, "Dish");
        expect!(ThreadSafe, "Server Client Radio Dish Gather Scatter Peer Channel");
        expect!(Multicasts, "Radio");
    }
    assert_eq!(checked, if cfg!(feature = "draft") { 28 } else { 25 });
}

#[test]
fn phases_have_what_is_theirs() {
    assert!(!holds!(Sub<Unsubscribed>: CanRecv) && holds!(Sub<Unsubscribed>: CanSubscribe));
    assert!(!holds!(Req<AwaitingReply>: SendsNow) && holds!(Req<AwaitingReply>: ReceivesNow));
    assert!(holds!(Rep<OwingReply>: SendsNow) && !holds!(Rep<OwingReply>: ReceivesNow));
    #[cfg(feature = "draft")]
    assert!(!holds!(Dish<Unjoined>: CanRecv) && holds!(Dish<Unjoined>: CanJoin));
}

#[test]
fn each_type_speaks_the_transports_that_libzmq_lets_it_speak() {
    let zmtp = there(
        "Pair Pub Sub Req Rep Dealer Router Pull Push XPub XSub Server Client Radio Dish Gather Scatter Peer Channel",
    );
    assert_eq!(those_that!(BindsOver<Ipc>), zmtp);
    assert_eq!(those_that!(BindsOver<Inproc>), zmtp);
    assert_eq!(those_that!(BindsOver<Ws>), zmtp);
    assert_eq!(those_that!(ConnectsOver<Ipc>), zmtp);
    assert_eq!(those_that!(ConnectsOver<Inproc>), zmtp);
    assert_eq!(those_that!(ConnectsOver<Ws>), zmtp);
    assert_eq!(those_that!(BindsOver<Tcp>).len(), zmtp.len() + 1);
    assert!(holds!(Stream: BindsOver<Tcp> + ConnectsOver<Tcp>));
    assert_eq!(those_that!(BindsOver<Udp>), there("Dish Dgram"));
    assert_eq!(those_that!(ConnectsOver<Udp>), there("Radio"));
}
