//! zmq_proxy_steerable aborts the process when the command is none that it knows.
use zmq_typestate::ProxyControl;

fn example(control: &ProxyControl) {
    control.stop();
}

fn main() {}
