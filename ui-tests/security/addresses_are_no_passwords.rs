//! A PLAIN server whose ZAP handler looks only at the address lets in every password.
use zmq_typestate::{Addresses, PlainServer, PlainUsers, Result, ZapHandler};

fn example(zap: &ZapHandler, office: Addresses, staff: PlainUsers) -> Result<PlainServer> {
    println!("{staff:?}");
    let domain = zap.domain("staff", office)?;
    Ok(PlainServer::unencrypted(&domain))
}

fn main() {
    let _ = example;
}
