//! Who may write to the log of a machine: PLAIN over ipc, where passwords stay in the machine.
//!
//!     cargo run --all-features --example plain_login

use zmq_typestate::{
    Address, Context, HandshakeFailure, MonitorEventKind, PlainClient, PlainServer, PlainUsers, Pull, Push, Result,
    ZapHandler,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let context = Context::new()?;
    let users = PlainUsers::from_iter([("backup", "tape"), ("mailer", "stamp")]);
    let domain = ZapHandler::start(&context)?.domain("log", users.clone())?;
    let mut log = context.socket::<Pull>()?.plain_server(&PlainServer::unencrypted(&domain));
    let mut monitor = log.monitor()?;
    let mut log = log.bind("ipc://*")?;

    for (user, password) in [("backup", "tape"), ("mailer", "stamp")] {
        write(&context, &log.address(), user, password).await?;
        let line = log.recv().await?;
        println!("{}: {}", line.metadata("User-Id").unwrap_or("?"), line.as_str().unwrap_or("?"));
    }

    // A password of before: the line is dropped with its sender.
    users.insert("mailer", "envelope");
    write(&context, &log.address(), "mailer", "stamp").await?;
    while let Some(event) = monitor.recv().await? {
        if let MonitorEventKind::HandshakeFailed(HandshakeFailure::Refused(status)) = event.kind {
            println!("refused with status {status}");
            break;
        }
    }
    Ok(())
}

async fn write(context: &Context, log: &Address<Pull>, user: &str, password: &str) -> Result<()> {
    let login = PlainClient::unencrypted(user, password)?;
    let mut line = context.socket::<Push>()?.plain_client(&login).connect(log)?;
    line.send(format!("{user} has started")).await
}
