//! An order desk that only its customers can reach, and nobody can listen to: the server. Its other end is `curve_client`.
//!
//! On its first start it makes keys: its own, and one for a customer, in files that nobody else can read. `customer.key` is to
//! be taken to the customer's machine, on a way that is safe.
//!
//!     cargo run --all-features --example curve_server -- tcp://127.0.0.1:5580 keys
//!     cargo run --all-features --example curve_client -- tcp://127.0.0.1:5580 keys/customer.key two apples

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use zmq_typestate::{
    Attached, Context, CurveKeys, CurveServer, Encrypted, KeyPair, Rep, SecretKey, Socket, ZapHandler,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, keys] = &arguments[..] else { return Err("usage: curve_server ENDPOINT DIRECTORY".into()) };
    let keys = Path::new(keys);
    if !keys.exists() {
        make_keys(keys)?;
    }
    let server: KeyPair = fs::read_to_string(keys.join("server.key"))?.parse::<SecretKey>()?.into();

    // A line for each customer: the public key, and who it is.
    let customers = CurveKeys::new();
    for line in fs::read_to_string(keys.join("customers"))?.lines() {
        let (key, name) = line.split_once(' ').ok_or("a line of `customers` is KEY NAME")?;
        customers.insert_as(key.parse()?, name);
    }

    let context = Context::new()?;
    let domain = ZapHandler::start(&context)?.domain("customers", customers)?;
    let server = CurveServer::new(server).authenticate(&domain);
    let desk = context.socket::<Rep>()?.curve_server(&server).bind(endpoint)?;
    println!("open at {}", desk.address());
    serve(desk).await?;
    Ok(())
}

/// Takes orders. Of a socket that does not encrypt this would not compile.
async fn serve<M: Attached + Encrypted>(mut desk: Socket<Rep, M>) -> zmq_typestate::Result<()> {
    loop {
        let order = desk.next_request().await?;
        let Some(what) = order.first() else { continue };
        // Whoever it is has the secret key that belongs to that name.
        let customer = what.metadata("User-Id").unwrap_or_default();
        let reply = format!("{}, for {customer}: on the way", what.as_str().unwrap_or("something"));
        order.reply(reply)?;
    }
}

fn make_keys(directory: &Path) -> io::Result<()> {
    let (server, customer) = (KeyPair::generate(), KeyPair::generate());
    fs::create_dir_all(directory)?;
    write(&directory.join("server.key"), &server.secret_key().expose_z85())?;
    let its_keys = format!("{}\n{}\n", server.public_key(), *customer.secret_key().expose_z85());
    write(&directory.join("customer.key"), &its_keys)?;
    write(&directory.join("customers"), &format!("{} ann\n", customer.public_key()))
}

/// A new file that only its owner can read.
fn write(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}
