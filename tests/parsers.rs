//! What is read from text and frames: whatever comes in, it is understood or refused, and nothing breaks.

use proptest::collection::vec;
use proptest::prelude::*;
use zmq_typestate::*;

/// Text that is an endpoint, or nearly one.
fn endpoint() -> impl Strategy<Value = String> {
    let scheme = proptest::sample::select(&["tcp", "ipc", "inproc", "udp", "ws", "wss", "pgm", "TCP", ""][..]);
    let colon = proptest::sample::select(&["://", "://", "://", ":/", ""][..]);
    let host = proptest::sample::select(
        &[
            "127.0.0.1",
            "localhost",
            "*",
            "[::1]",
            "[::",
            "::1]",
            "lo",
            "@name",
            "/tmp/x",
            "1.2.3.4;5.6.7.8",
            "a b",
            "\0",
            "\u{fc}",
            "",
        ][..],
    );
    let port = proptest::sample::select(
        &[":5555", ":*", ":!", ":0", ":65535", ":65536", ":-1", ":55555555555555555555", ":", "", "/path", ":80/ws"][..],
    );
    prop_oneof![
        (scheme, colon, host, port, "[ -~]{0,3}").prop_map(|(a, b, c, d, e)| format!("{a}{b}{c}{d}{e}")),
        "\\PC{0,300}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn text_is_an_endpoint_or_not(text in endpoint()) {
        match text.parse::<Address<Untyped>>() {
            Ok(address) => {
                prop_assert_eq!(address.to_string(), &text[..]);
                let typed = [
                    text.parse::<Endpoint<Tcp>>().is_ok(),
                    text.parse::<Endpoint<Ipc>>().is_ok(),
                    text.parse::<Endpoint<Inproc>>().is_ok(),
                    text.parse::<Endpoint<Udp>>().is_ok(),
                    text.parse::<Endpoint<Ws>>().is_ok(),
                ];
                prop_assert_eq!(typed.into_iter().filter(|is| *is).count(), 1);
            }
            Err(error) => {
                prop_assert_eq!(error.endpoint(), &text[..]);
                prop_assert!(text.parse::<Endpoint<Tcp>>().is_err());
            }
        }
    }

    #[test]
    fn an_envelope_comes_off_or_stays_on(frames in vec(vec(any::<u8>(), 0..3), 0..8)) {
        let message: Multipart = frames.into_iter().collect();
        match Envelope::unpack(message.clone()) {
            Ok((envelope, body)) => prop_assert_eq!(envelope.pack(body), message),
            Err(Error::NoDelimiter { message: back, .. }) => {
                prop_assert!(message.iter().skip(1).all(|frame| !frame.is_empty()));
                prop_assert!(*back == message || message.is_empty());
            }
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_routing_id_has_up_to_255_bytes(id in vec(any::<u8>(), 0..300)) {
        let routing_id = RoutingId::<Router>::new(&id);
        prop_assert_eq!(routing_id.is_ok(), (1..=255).contains(&id.len()) && id[0] != 0);
        if let Ok(routing_id) = routing_id {
            prop_assert_eq!(routing_id.as_bytes(), &id[..]);
        }
    }
}

/// libzmq is told only what has passed our checks: it then binds it, or says why not, and never aborts.
#[test]
fn what_is_an_endpoint_binds_or_says_why_not() {
    let context = Context::new().unwrap();
    proptest!(ProptestConfig::with_cases(300), |(
        scheme in proptest::sample::select(&["tcp", "ws", "ipc", "inproc"][..]),
        host in proptest::sample::select(&["127.0.0.1", "[::1]", "localhost", "lo", "nosuch0", "256.0.0.1"][..]),
        rest in prop_oneof![Just(":*".to_string()), "[:*!0-9/a-z]{0,6}"],
    )| {
        // Only this machine, and no file.
        let host = if matches!(scheme, "ipc") { "@zmq-typestate" } else { host };
        let bound = context.socket::<Pull>().unwrap().bind(format!("{scheme}://{host}{rest}"));
        if let Err(error) = bound {
            prop_assert!(matches!(error, Error::Endpoint(_) | Error::Attach { .. }), "{error:?}");
        }
    });
}

#[cfg(feature = "curve")]
mod keys {
    use super::*;

    proptest! {
        #[test]
        fn a_key_is_written_and_read(bytes in any::<[u8; 32]>()) {
            prop_assume!(bytes != [0; 32]);
            let key = PublicKey::from_bytes(bytes).unwrap();
            let text = key.to_string();
            // Another implementation.
            prop_assert_eq!(&text, &zmq::z85_encode(&bytes).unwrap());
            prop_assert_eq!(text.parse::<PublicKey>().unwrap(), key);
        }

        #[test]
        fn text_is_a_key_or_not(text in prop_oneof!["[!-~]{40}", "[0-9a-zA-Z]{40}", "\\PC{0,60}"]) {
            if let Ok(key) = text.parse::<PublicKey>() {
                prop_assert_eq!(&zmq::z85_decode(text.trim()).unwrap()[..], &key.as_bytes()[..]);
                prop_assert_eq!(key.to_string(), text.trim());
            }
        }
    }
}
