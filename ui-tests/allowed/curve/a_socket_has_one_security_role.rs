//! CURVE in both roles: the last option wins, or a mix of both.
use zmq_typestate::{Context, CurveClient, CurveServer, Dealer, Result};

fn example(context: &Context, server: &CurveServer, client: &CurveClient) -> Result<()> {
    context.socket::<Dealer>()?.curve_server(server).close();
    context.socket::<Dealer>()?.curve_client(client).close();
    Ok(())
}

fn main() {
    let _ = example;
}
