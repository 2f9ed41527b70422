//! A ZAP handler that does not answer as ZAP wants it refuses the client with a protocol error.
use zmq_typestate::{Plain, Result, ZapDomain, ZapHandler, ZapReply, ZapRequest};

fn example(zap: &ZapHandler) -> Result<ZapDomain<Plain>> {
    zap.domain("staff", async |login: ZapRequest<Plain>| ZapReply::allow(login.username()))
}

fn main() {
    let _ = (example, ZapReply::deny("closed"));
}
