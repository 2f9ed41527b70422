//! A CURVE server without a ZAP handler lets in every client, whatever its key.
use zmq_typestate::{Context, CurveServer, KeyPair, Pull, Result};

fn example(context: &Context) -> Result<()> {
    let server = CurveServer::new(KeyPair::generate());
    context.socket::<Pull>()?.curve_server(&server).close();
    Ok(())
}

fn main() {
    let _ = example;
}
