//! A CURVE server whose ZAP handler has no keys refuses every client.
use zmq_typestate::{CurveKeys, CurveServer, KeyPair, PlainUsers, Result, ZapHandler};

fn example(zap: &ZapHandler, users: PlainUsers, keys: CurveKeys) -> Result<CurveServer> {
    println!("{users:?} {keys:?}");
    let domain = zap.domain("fleet", keys)?;
    Ok(CurveServer::new(KeyPair::generate()).authenticate(&domain))
}

fn main() {
    let _ = example;
}
