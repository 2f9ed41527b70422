//! Sensor readings by room, over udp: a RADIO sends each reading to the group of its room, and every DISH that has joined the
//! room hears it. Datagrams may get lost, which is right for readings: the next one is newer.
//!
//!     cargo run --all-features --example radio_dish               # one sender and two listeners, by multicast on loopback
//!     cargo run --all-features --example radio_dish listen "udp://239.255.17.5:5571" kitchen cellar
//!     cargo run --all-features --example radio_dish send "udp://239.255.17.5:5571" kitchen 21.5

use std::time::Duration;

use zmq_typestate::{Bound, Connected, Context, Dish, Group, Radio, Result, Socket, group};

/// A multicast group of hosts (not of ZeroMQ), reached through the loopback interface.
const LOOPBACK: &str = "udp://127.0.0.1;239.255.17.5:5571";

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let context = Context::new()?;
    match arguments[..] {
        [] => demonstrate(&context).await?,
        ["listen", endpoint, first, ref rooms @ ..] => {
            let mut dish = context.socket::<Dish>()?.join(&Group::new(first)?).bind(endpoint)?;
            for room in rooms {
                dish.also_join(&Group::new(room)?)?;
            }
            loop {
                let (room, reading) = dish.recv().await?;
                println!("{room}: {}", reading.as_str().unwrap_or("not text"));
            }
        }
        ["send", endpoint, room, reading] => {
            let mut radio = context.socket::<Radio>()?.connect(endpoint)?;
            radio.send_to(&Group::new(room)?, reading).await?;
        }
        _ => return Err("usage: radio_dish [listen ENDPOINT ROOM.. | send ENDPOINT ROOM READING]".into()),
    }
    Ok(())
}

async fn demonstrate(context: &Context) -> Result<()> {
    let rooms = [group!("kitchen"), group!("cellar"), group!("attic")];
    let radio = context.socket::<Radio>()?.connect(LOOPBACK)?;
    // Multicast: both listen at the same port.
    let cook = context.socket::<Dish>()?.join(&rooms[0]).bind(LOOPBACK)?;
    let owner = context.socket::<Dish>()?.join(&rooms[0]).join(&rooms[1]).bind(LOOPBACK)?;
    tokio::select! {
        sent = measure(radio, &rooms) => sent,
        heard = async { tokio::try_join!(hear("the cook", cook, &rooms[..1]), hear("the owner", owner, &rooms[..2])) } => {
            heard.map(|_| ())
        }
    }
}

/// Sends a reading of every room, again and again.
async fn measure(mut radio: Socket<Radio, Connected>, rooms: &[Group]) -> Result<()> {
    let mut tenths = 195;
    loop {
        for room in rooms {
            radio.send_to(room, format!("{}.{}", tenths / 10, tenths % 10)).await?;
        }
        tenths += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Listens until it has heard three readings of each of its rooms.
async fn hear(name: &str, mut dish: Socket<Dish, Bound>, rooms: &[Group]) -> Result<()> {
    let mut heard = vec![0; rooms.len()];
    while heard.iter().any(|&count| count < 3) {
        let (room, _) = dish.recv().await?;
        if let Some(at) = rooms.iter().position(|mine| *mine == room) {
            heard[at] += 1;
        }
    }
    let rooms: Vec<_> = rooms.iter().map(Group::to_string).collect();
    println!("{name} hears the {}", rooms.join(" and the "));
    Ok(())
}
