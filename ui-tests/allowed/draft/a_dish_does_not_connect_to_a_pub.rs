//! Over inproc a DISH at a PUB aborts the process: libzmq does not look at socket types there.
use zmq_typestate::{Address, Context, Dish, Radio, Result};

async fn example(context: &Context) -> Result<()> {
    const NEWS: Address<Radio> = Address::inproc("news");
    context.socket::<Dish>()?.connect(NEWS)?.close();
    Ok(())
}

fn main() {}
