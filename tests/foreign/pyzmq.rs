//! pyzmq has a libzmq of its own, of another version than ours.

use crate::classic::{ALIKE, LOCK_STEP, Other, patterns};
use crate::common::endpoint;
use crate::common::peer::{python, script};
use crate::{FEWER, MANY};

fn pyzmq<F: Fn()>(_: F, count: u32) -> Option<Other> {
    let python = python()?;
    let process = Box::new(move |parts: &str| {
        let mut command = script(&python, "patterns.py");
        command.args(parts.split(' '));
        command
    });
    Some(Other { process, endpoint, count })
}

patterns! { pyzmq, MANY;
    push_sends_to_pull, pull_receives_from_push,
    pub_sends_to_sub, sub_receives_from_pub, xpub_talks_to_xsub, xsub_talks_to_xpub,
    pairs_talk, dealers_talk, dealer_talks_to_router, router_talks_to_dealer, routers_talk,
    dealer_asks_rep, rep_answers_dealer,
}

patterns! { pyzmq, FEWER;
    pub_sends_to_xsub, xpub_sends_to_sub, sub_receives_from_xpub, xsub_receives_from_pub,
    req_asks_rep, rep_answers_req, req_asks_router, router_answers_req,
}

#[test]
#[ignore = "long: 100,000 messages of each pattern"]
fn the_others_at_full_length() {
    for pattern in ALIKE.into_iter().chain(LOCK_STEP) {
        let Some(other) = pyzmq(the_others_at_full_length, MANY) else { return };
        pattern(other);
    }
}
