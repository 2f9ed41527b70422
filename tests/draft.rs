//! The draft types: what each pattern delivers, over every transport that it has, and what is refused.

#![cfg(feature = "draft")]

mod common;

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};

use common::{TRANSPORTS, current_thread, endpoint, everywhere, multi_thread, within};
use zmq_typestate::{
    Address, Bound, Channel, Client, Connected, Context, Dgram, Dish, Error, Gather, Group, Hwm, Message, Pair, Peer,
    Radio, Scatter, Server, Socket, group, tcp, udp,
};

#[test]
fn clients_ask_and_a_server_answers_each_of_them() {
    everywhere::<Server, Client>(async |mut server, mut client| {
        for number in 0..100u32 {
            client.send(number.to_le_bytes()).await.unwrap();
            let (sender, message) = server.recv().await.unwrap();
            assert_eq!(message, number.to_le_bytes());
            server.send_to(&sender, message).await.unwrap();
            assert_eq!(client.recv().await.unwrap(), number.to_le_bytes());
        }
    });
}

#[test]
fn what_a_scatter_sends_a_gather_receives() {
    everywhere::<Scatter, Gather>(async |mut scatter, mut gather| {
        for number in 0..100u32 {
            scatter.send(number.to_le_bytes()).await.unwrap();
            assert_eq!(gather.recv().await.unwrap(), number.to_le_bytes());
        }
    });
}

#[test]
fn channels_talk_both_ways() {
    everywhere::<Channel, Channel>(async |mut one, mut other| {
        for number in 0..100u32 {
            one.send(number.to_le_bytes()).await.unwrap();
            let message = other.recv().await.unwrap();
            other.send(message).await.unwrap();
            assert_eq!(one.recv().await.unwrap(), number.to_le_bytes());
        }
    });
}

#[test]
fn a_dish_receives_its_groups_and_no_other() {
    everywhere::<Radio, Dish>(async |mut radio, dish| {
        let (mine, left, other) = (group!("mine"), group!("left"), group!("other"));
        let mut dish = dish.join(&mine).join(&left);
        // A RADIO drops what nobody has joined: it is repeated until the joins have arrived; not so fast that there is no
        // room for what follows.
        let begin = async {
            loop {
                radio.send_to(&left, "begin").await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            never = begin => never,
            first = dish.recv() => assert_eq!(first.unwrap(), (left, Message::from("begin"))),
        }
        dish.leave(&left).unwrap();
        for number in 0..100u32 {
            radio.send_to(&other, number.to_le_bytes()).await.unwrap();
            radio.send_to(&left, number.to_le_bytes()).await.unwrap();
            radio.send_to(&mine, number.to_le_bytes()).await.unwrap();
        }
        for number in 0..100u32 {
            assert_eq!(dish.recv().await.unwrap(), (mine, Message::from(number.to_le_bytes())));
        }
        assert!(dish.try_recv().unwrap_err().is_would_block());
    });
}

#[test]
fn peers_talk_by_the_id_of_the_connection_or_of_the_message() {
    for runtime in [current_thread(), multi_thread()] {
        for transport in TRANSPORTS {
            runtime.block_on(within(async {
                let context = Context::new().unwrap();
                let mut north = context.socket::<Peer>().unwrap().bind(endpoint(transport)).unwrap();
                let south = context.socket::<Peer>().unwrap();
                let (there, mut south) = south.connect_peer(north.address()).unwrap();
                for number in 0..100u32 {
                    south.send_to(&there, number.to_le_bytes()).await.unwrap();
                    let (sender, message) = north.recv().await.unwrap();
                    north.send_to(&sender, message).await.unwrap();
                    assert_eq!(south.recv().await.unwrap(), (there, Message::from(number.to_le_bytes())));
                }
                let other = context.socket::<Peer>().unwrap().bind(endpoint(transport)).unwrap();
                let second = south.also_connect_peer(other.address()).unwrap();
                assert_ne!(second, there);
            }));
        }
    }
}

/// A thousand clients ask at once, three times; the answers go out in another order than the questions came in.
#[test]
fn a_server_of_a_thousand_clients_answers_the_right_one() {
    multi_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let more = Context::new().unwrap();
        let mut server = context.socket::<Server>().unwrap().bind("tcp://127.0.0.1:*").unwrap();
        let address = server.address();
        let mut clients = Vec::new();
        for number in 0..1000u32 {
            // A context has room for 1023 sockets.
            let context = if number % 2 == 0 { &context } else { &more };
            let mut client = context.socket::<Client>().unwrap().connect(&address).unwrap();
            clients.push(tokio::spawn(async move {
                for round in 0..3u32 {
                    client.send(format!("{number} in {round}")).await.unwrap();
                    assert_eq!(client.recv().await.unwrap(), format!("answer to {number} in {round}"));
                }
                assert!(client.try_recv().unwrap_err().is_would_block());
            }));
        }
        for _ in 0..3 {
            let mut questions = HashMap::new();
            for _ in 0..1000 {
                let (client, question) = server.recv().await.unwrap();
                assert!(questions.insert(client, question).is_none(), "one question a client and round");
            }
            // In the order of a hash: none.
            for (client, question) in questions {
                server.send_to(&client, format!("answer to {}", question.as_str().unwrap())).await.unwrap();
            }
        }
        for client in clients {
            client.await.unwrap();
        }
    }));
}

#[test]
fn a_client_that_has_gone_is_an_error_not_a_hang() {
    for transport in ["tcp", "ipc", "inproc"] {
        for unread in [0, 1, 50] {
            current_thread().block_on(within(async {
                let context = Context::new().unwrap();
                let server = context.socket::<Server>().unwrap().send_hwm(Hwm::messages(5));
                let mut server = server.bind(endpoint(transport)).unwrap();
                let mut client = context.socket::<Client>().unwrap().connect(server.address()).unwrap();
                let mut other = context.socket::<Client>().unwrap().connect(server.address()).unwrap();
                for _ in 0..=unread {
                    client.send("question").await.unwrap();
                }
                let (gone, question) = server.recv().await.unwrap();
                drop(client);
                // Until the end of the connection is noticed, answers are accepted, and lost.
                let mut answer = question;
                let refused = loop {
                    match server.send_to(&gone, answer).await {
                        Ok(()) => answer = "question".into(),
                        Err(refused) => break refused,
                    }
                    tokio::task::yield_now().await;
                };
                assert!(matches!(&refused, Error::Unroutable { socket: "SERVER", .. }), "{refused}");
                assert_eq!(refused.into_message().unwrap()[0], "question");
                // Blocking and trying say the same.
                assert!(matches!(server.blocking_send_to(&gone, ""), Err(Error::Unroutable { .. })));
                assert!(matches!(server.try_send_to(&gone, ""), Err(Error::Unroutable { .. })));

                // What it had asked is there, and so is everybody else.
                for _ in 0..unread {
                    let (sender, question) = server.recv().await.unwrap();
                    assert_eq!((sender, question), (gone, Message::from("question")));
                }
                other.send("still here").await.unwrap();
                let (sender, message) = server.recv().await.unwrap();
                server.send_to(&sender, message).await.unwrap();
                assert_eq!(other.recv().await.unwrap(), "still here");
            }));
        }
    }
}

#[test]
fn a_routing_id_is_good_for_the_socket_that_gave_it() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut ids = Vec::new();
        let mut servers = Vec::new();
        for _ in 0..2 {
            let mut server = context.socket::<Server>().unwrap().bind(endpoint("inproc")).unwrap();
            let mut client = context.socket::<Client>().unwrap().connect(server.address()).unwrap();
            client.send("hello").await.unwrap();
            ids.push(server.recv().await.unwrap().0);
            servers.push((server, client));
        }
        assert_ne!(ids[0], ids[1]);
        let refused = servers[0].0.send_to(&ids[1], "who?").await.unwrap_err();
        assert!(matches!(&refused, Error::ForeignRoutingId { socket: "SERVER", .. }), "{refused}");
        assert_eq!(refused.into_message().unwrap()[0], "who?");
        servers[0].0.send_to(&ids[0], "you").await.unwrap();
        assert_eq!(servers[0].1.recv().await.unwrap(), "you");
    }));
}

/// Sends until it is received: what is sent before the RADIO has heard of the group is dropped.
async fn arrives(
    radio: &mut Socket<Radio, Bound>,
    dish: &mut Socket<Dish, Connected>,
    group: &Group,
    message: Message,
) -> Message {
    let mut message = message;
    loop {
        let copy = message.clone();
        radio.send_to(group, message).await.unwrap();
        match dish.try_recv() {
            Ok((from, received)) if from == *group => {
                assert_eq!(received, copy);
                return received;
            }
            Ok(_) => message = copy,
            Err(error) => {
                assert!(error.is_would_block(), "{error}");
                message = copy;
            }
        }
    }
}

#[test]
fn groups_have_limits_of_their_own() {
    for name in [&[b'x'; 15][..], &[b'x'; 127], &[b'x'; 255], &[b'x'; 256], b"a\0b"] {
        let refused = Group::new(name).unwrap_err();
        assert!(matches!(&refused, Error::Group { group } if group == name), "{refused}");
        assert!(refused.to_string().contains("at most 14 bytes"), "{refused}");
    }
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut radio = context.socket::<Radio>().unwrap().bind(endpoint("inproc")).unwrap();
        let dish = context.socket::<Dish>().unwrap().connect(radio.address()).unwrap();
        let mut dish = dish.join_later();
        let short = group!("short");
        let names = [0, 1, 13, 14].map(|len| Group::new("x".repeat(len)).unwrap());
        for name in &names {
            dish.also_join(name).unwrap();
        }
        dish.also_join(&short).unwrap();
        for name in &names {
            let message = arrives(&mut radio, &mut dish, name, "to all".into()).await;
            // A message that has been in one group goes on to another.
            let message = arrives(&mut radio, &mut dish, &short, message).await;
            assert_eq!(message, "to all");
        }
        dish.leave(&short).unwrap();
        let twice = dish.also_join(&names[1]).unwrap_err();
        assert!(matches!(twice, Error::Membership { action: "join", .. }), "{twice}");
        let never = dish.leave(&short).unwrap_err();
        assert!(matches!(never, Error::Membership { action: "leave", .. }), "{never}");
        // By value it is told later.
        let mut dish = dish.join(&names[1]);
        assert!(matches!(dish.recv().await, Err(Error::Membership { action: "join", .. })));
    }));
}

// ---------------------------------------------------------------------------------------------------------------------
// udp

/// Any datagram that begins with a byte of 128 or more would abort this process: there is no way to such a DISH.
#[cfg(not(libzmq_unsigned_char))]
#[test]
fn a_dish_that_a_stranger_could_abort_is_refused_udp() {
    let context = Context::new().unwrap();
    let refused = context.socket::<Dish>().unwrap().bind("udp://127.0.0.1:*").unwrap_err();
    assert!(matches!(refused, Error::UnsupportedTransport { socket: "DISH", .. }), "{refused}");
    assert!(refused.to_string().contains("-funsigned-char"), "{refused}");
}

#[cfg(libzmq_unsigned_char)]
#[test]
fn radio_and_dish_over_udp() {
    // Loopback carries multicast to a group that was joined on it, and from a socket that was told to send there.
    let group_of_hosts = "udp://127.0.0.1;239.255.17.4:*";
    for runtime in [current_thread(), multi_thread()] {
        for to in ["udp://127.0.0.1:*", group_of_hosts] {
            runtime.block_on(within(async {
                let context = Context::new().unwrap();
                let (mine, long) = (group!("mine"), Group::new("x".repeat(14)).unwrap());
                let dish = context.socket::<Dish>().unwrap().join(&mine).join(&long);
                let mut dish = dish.bind(to).unwrap();
                let mut radio = context.socket::<Radio>().unwrap().connect(dish.address()).unwrap();
                // Datagrams may be lost, and the first ones are while nobody has bound the port yet.
                for (group, len) in
                    [(&mine, 0), (&mine, 1), (&long, 100), (&mine, 8192 - 1 - 4), (&long, 8192 - 1 - 14)]
                {
                    let message = vec![b'm'; len];
                    let sending = async {
                        loop {
                            radio.send_to(&group!("other"), "not joined").await.unwrap();
                            radio.send_to(group, &message[..]).await.unwrap();
                            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                        }
                    };
                    let receiving = async {
                        loop {
                            let (from, received) = dish.recv().await.unwrap();
                            assert!(from == mine || from == long, "{from}");
                            if (&from, received.len()) == (group, len) {
                                break assert_eq!(received, message);
                            }
                        }
                    };
                    tokio::select! {
                        never = sending => never,
                        () = receiving => {}
                    }
                }
            }));
        }
    }
}

#[test]
fn datagrams_that_do_not_fit_are_refused() {
    let context = Context::new().unwrap();
    let mut radio = context.socket::<Radio>().unwrap().connect(udp!("127.0.0.1:9")).unwrap();
    for (group, len, limit) in [("", 8192, 8191), ("mine", 8188, 8187), ("mine", 60_000, 8187)] {
        let group = Group::new(group).unwrap();
        for refused in [
            radio.try_send_to(&group, vec![0; len]).unwrap_err(),
            radio.blocking_send_to(&group, vec![0; len]).unwrap_err(),
            current_thread().block_on(radio.send_to(&group, vec![0; len])).unwrap_err(),
        ] {
            assert!(matches!(refused, Error::DatagramTooLong { limit: l, .. } if l == limit), "{refused}");
            assert_eq!(refused.into_message().unwrap()[0].len(), len);
        }
        radio.try_send_to(&group, vec![0; limit]).unwrap();
    }
    // Without udp there is no such limit.
    radio.also_bind(endpoint("inproc")).unwrap();
    radio.disconnect("udp://127.0.0.1:9").unwrap();
    radio.try_send_to(&group!("mine"), vec![0; 60_000]).unwrap();

    let mut dgram = context.socket::<Dgram>().unwrap().bind("udp://127.0.0.1:*").unwrap();
    let to = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 9);
    let refused = dgram.try_send_to(&to, vec![0; 8193]).unwrap_err();
    assert!(matches!(refused, Error::DatagramTooLong { limit: 8192, .. }), "{refused}");
    dgram.try_send_to(&to, vec![0; 8192]).unwrap();
    let nowhere = dgram.try_send_to(&SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0), "port 0").unwrap_err();
    assert!(matches!(nowhere, Error::Unroutable { socket: "DGRAM", .. }), "{nowhere}");
}

/// What would abort a process whose libzmq was built with a signed `char`.
#[cfg(libzmq_unsigned_char)]
#[test]
fn a_dish_on_udp_survives_what_strangers_send() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mine = group!("mine");
        let mut dish = context.socket::<Dish>().unwrap().join(&mine).bind("udp://127.0.0.1:*").unwrap();
        let port = dish.address().port().unwrap();
        let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
        let to = ("127.0.0.1", port);
        let honest = b"\x04mineyes";
        let mut received = 0;
        while received < 100 {
            for first in 0..=255u8 {
                stranger.send_to(&[first], to).unwrap();
                stranger.send_to(&[first, b'a', b'b', b'c'], to).unwrap();
                stranger.send_to(&vec![first; 9000], to).unwrap();
            }
            stranger.send_to(b"", to).unwrap();
            stranger.send_to(honest, to).unwrap();
            while let Ok((group, message)) = dish.try_recv() {
                assert_eq!((group, message), (mine, Message::from("yes")));
                received += 1;
            }
            tokio::task::yield_now().await;
        }
    }));
}

/// A name that is long, and reads as a short one: libzmq keeps it outside of the message, and counts no owners of it.
#[cfg(libzmq_unsigned_char)]
#[test]
fn a_group_with_a_zero_in_it_does_no_harm() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mine = group!("mine");
        let mut dish = context.socket::<Dish>().unwrap().join(&mine).bind("udp://127.0.0.1:*").unwrap();
        let to = ("127.0.0.1", dish.address().port().unwrap());
        let mut radio = context.socket::<Radio>().unwrap().bind(endpoint("inproc")).unwrap();
        let (long, short) = (group!("weather-oslo"), group!("b"));
        let listen = || context.socket::<Dish>().unwrap().join(&long).join(&short).connect(radio.address()).unwrap();
        let mut listeners = [listen(), listen(), listen()];
        // Which the RADIO has to hear of first.
        for listener in &mut listeners {
            arrives(&mut radio, listener, &short, "begin".into()).await;
        }
        let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
        let datagram = [&[20], &b"mine\0and 15 bytes...payload"[..]].concat();
        let (mut forwarded, mut to_long) = (0, false);
        while forwarded < 200 {
            stranger.send_to(&datagram, to).unwrap();
            let Ok((group, message)) = dish.try_recv() else {
                tokio::task::yield_now().await;
                continue;
            };
            assert_eq!((group, &message), (mine, &Message::from("payload")));
            to_long = !to_long;
            let to = if to_long { long } else { short };
            radio.send_to(&to, message).await.unwrap();
            forwarded += 1;
            for listener in &mut listeners {
                loop {
                    let (group, message) = listener.recv().await.unwrap();
                    if message == "payload" {
                        break assert_eq!(group, to);
                    }
                }
            }
        }
    }));
}

/// A stranger on tcp, who says what a DISH says.
struct Stranger(std::net::TcpStream);

impl Stranger {
    fn connect(port: u16) -> Self {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(common::DEADLINE)).unwrap();
        let mut greeting = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0];
        greeting.extend(b"NULL");
        greeting.resize(64, 0);
        stream.write_all(&greeting).unwrap();
        let mut stranger = Self(stream);
        stranger.command(b"\x05READY\x0bSocket-Type\0\0\0\x04DISH");
        // Its greeting, and its READY.
        stranger.0.read_exact(&mut [0; 64 + 2 + 6]).unwrap();
        stranger
    }

    fn command(&mut self, body: &[u8]) {
        let len = (body.len() as u64).to_be_bytes();
        // A peer that closes the connection may have done so by now.
        let _ = self.0.write_all(&[&[0x06], &len[..], body].concat());
    }

    fn is_cut_off(&mut self) -> bool {
        match self.0.read_to_end(&mut Vec::new()) {
            Ok(_) => true,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

/// A longer name would abort the process of the RADIO.
#[test]
fn a_radio_survives_who_joins_a_group_that_is_too_long() {
    current_thread().block_on(within(async {
        let context = Context::new().unwrap();
        let mut radio = context.socket::<Radio>().unwrap().bind("tcp://127.0.0.1:*").unwrap();
        let port = radio.address().port().unwrap();
        for command in [&b"\x04JOIN"[..], b"\x05LEAVE"] {
            for len in [256, 300, 70_000] {
                let mut stranger = Stranger::connect(port);
                stranger.command(&[command, &vec![b'x'; len]].concat());
                assert!(stranger.is_cut_off(), "{len}");
            }
        }
        // The longest that libzmq itself sends is heard.
        let mut stranger = Stranger::connect(port);
        let name = [b'x'; 255];
        stranger.command(&[b"\x04JOIN", &name[..]].concat());
        stranger.command(b"\x04JOINmine");
        stranger.0.set_nonblocking(true).unwrap();
        let mut heard = Vec::new();
        while !heard.windows(4).any(|bytes| bytes == b"mine") {
            radio.send_to(&group!("mine"), "still here").await.unwrap();
            if let Err(error) = stranger.0.read_to_end(&mut heard) {
                assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }));
}

#[test]
fn datagrams_go_to_an_address_and_come_with_one() {
    // With IPv6 libzmq would abort the process at the first one that comes.
    for (runtime, ipv6) in [(current_thread(), false), (multi_thread(), true)] {
        runtime.block_on(within(async {
            let context = Context::builder().ipv6(ipv6).build().unwrap();
            let mut one = context.socket::<Dgram>().unwrap().bind(udp!("127.0.0.1:*")).unwrap();
            let mut two = context.socket::<Dgram>().unwrap().bind("udp://127.0.0.1:*").unwrap();
            let address = |port: Option<u16>| SocketAddrV4::new(Ipv4Addr::LOCALHOST, port.unwrap());
            let (at_one, at_two) = (address(one.address().port()), address(two.address().port()));
            for len in [0, 1, 100, 8192] {
                let message = vec![b'm'; len];
                let sending = async {
                    loop {
                        one.send_to(&at_two, &message[..]).await.unwrap();
                        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                    }
                };
                let receiving = async {
                    loop {
                        let (sender, received) = two.recv().await.unwrap();
                        assert_eq!(sender, at_one);
                        if received.len() == len {
                            break assert_eq!(received, message);
                        }
                    }
                };
                tokio::select! {
                    never = sending => never,
                    () = receiving => {}
                }
            }
            // And with a program that is not ZeroMQ.
            let plain = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
            plain.send_to(b"plain", at_one).await.unwrap();
            let (sender, message) = one.recv().await.unwrap();
            assert_eq!(message, "plain");
            one.send_to(&sender, "answer").await.unwrap();
            let mut buffer = [0; 100];
            assert_eq!(plain.recv(&mut buffer).await.unwrap(), 6);
        }));
    }
}

#[test]
fn a_udp_port_that_cannot_be_bound_is_an_error() {
    let context = Context::new().unwrap();
    let free = format!("udp://{}", UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let keep = UdpSocket::bind("127.0.0.1:0").unwrap();
    let in_use = format!("udp://{}", keep.local_addr().unwrap());
    for endpoint in [in_use.as_str(), "udp://192.0.2.1:5555", "udp://192.0.2.1;239.255.17.4:5555"] {
        let refused = context.socket::<Dgram>().unwrap().bind(endpoint).unwrap_err();
        assert!(matches!(refused, Error::Attach { socket: "DGRAM", action: "bind", .. }), "{refused}");
        if cfg!(libzmq_unsigned_char) {
            let refused = context.socket::<Dish>().unwrap().bind(endpoint).unwrap_err();
            assert!(matches!(refused, Error::Attach { socket: "DISH", action: "bind", .. }), "{refused}");
        }
    }
    // All interfaces, and a port that the system chooses: the address says which.
    let dgram = context.socket::<Dgram>().unwrap().bind("udp://*:*").unwrap();
    let address = dgram.address();
    assert!(address.to_string().starts_with("udp://0.0.0.0:") && address.port() != Some(0), "{address}");
    // One that was free again can be bound.
    let dgram = context.socket::<Dgram>().unwrap().bind(&free).unwrap();
    assert_eq!(dgram.address().to_string(), free);
}

#[cfg(libzmq_unsigned_char)]
#[test]
fn a_udp_port_can_be_given_up() {
    let context = Context::new().unwrap();
    let mut dish = context.socket::<Dish>().unwrap().bind("udp://127.0.0.1:*").unwrap();
    let address = dish.address();
    dish.unbind(&address).unwrap();
    assert_eq!(dish.addresses().count(), 0);
    // libzmq gives it up in the background.
    let port = address.port().unwrap();
    while UdpSocket::bind(("127.0.0.1", port)).is_err() {
        std::thread::yield_now();
    }
}

#[test]
fn a_transport_that_a_type_does_not_speak_is_an_error() {
    let context = Context::new().unwrap();
    let refused = |error: Error| {
        assert!(matches!(error, Error::UnsupportedTransport { .. }), "{error}");
        error.to_string()
    };
    let text = refused(context.socket::<Radio>().unwrap().bind("udp://127.0.0.1:*").unwrap_err());
    assert!(text.contains("a RADIO connects, and a DISH binds"), "{text}");
    refused(context.socket::<Dish>().unwrap().connect("udp://127.0.0.1:5555").unwrap_err());
    refused(context.socket::<Client>().unwrap().connect("udp://127.0.0.1:5555").unwrap_err());
    refused(context.socket::<Pair>().unwrap().bind("udp://127.0.0.1:5555").unwrap_err());
    for endpoint in ["tcp://127.0.0.1:*", "inproc://dgram", "ipc://@dgram", "ws://127.0.0.1:*/"] {
        let text = refused(context.socket::<Dgram>().unwrap().bind(endpoint).unwrap_err());
        assert!(text.contains("udp:// only"), "{text}");
    }
    let text = refused(context.socket::<Dgram>().unwrap().bind("udp://[::1]:5555").unwrap_err());
    assert!(text.contains("IPv4"), "{text}");
    // An address that knows its listener does not know its transport.
    refused(context.socket::<Radio>().unwrap().bind(Address::<Radio>::udp("127.0.0.1:5555")).unwrap_err());
    drop(context.socket::<Dish>().unwrap().bind(tcp!("127.0.0.1:*")).unwrap());
}
