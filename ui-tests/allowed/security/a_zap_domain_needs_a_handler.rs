//! ZMQ_ZAP_DOMAIN without a ZAP handler lets everybody in.
use zmq_typestate::{Context, Filtered, Pull, Result, ZapDomain};

fn example(context: &Context, office: &ZapDomain<Filtered>) -> Result<()> {
    context.socket::<Pull>()?.zap_domain(office).close();
    println!("{office:?}");
    Ok(())
}

fn main() {
    let _ = example;
}
