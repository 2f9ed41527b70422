//! An order desk that only its customers can reach, and nobody can listen to: a customer. The other end is `curve_server`,
//! which makes the file of keys.
//!
//!     cargo run --all-features --example curve_client -- tcp://127.0.0.1:5580 keys/customer.key two apples

use std::fs;
use std::time::Duration;

use zmq_typestate::{Context, CurveClient, PublicKey, Req, SecretKey};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, keys, order @ ..] = &arguments[..] else {
        return Err("usage: curve_client ENDPOINT FILE ORDER..".into());
    };
    // The public key of the server, then the secret key of this customer.
    let keys = fs::read_to_string(keys)?;
    let (server, own) = keys.split_once('\n').ok_or("the file has two lines")?;
    let client = CurveClient::new(server.parse::<PublicKey>()?, own.parse::<SecretKey>()?);

    let context = Context::new()?;
    let mut desk = context.socket::<Req>()?.curve_client(&client).connect(endpoint)?;
    // A server that does not know this customer does not say so: it just does not answer.
    let reply = tokio::time::timeout(Duration::from_secs(10), desk.request(order.join(" "))).await;
    println!(
        "{}",
        reply.map_err(|_| "no answer: is the server there, and does it know this key?")??.as_str().unwrap_or("?")
    );
    Ok(())
}
