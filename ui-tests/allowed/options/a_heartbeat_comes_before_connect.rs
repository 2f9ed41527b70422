//! ZMQ_HEARTBEAT_IVL is read when the socket connects: set later, it does nothing until the next connect.
use zmq_typestate::{Heartbeat, Idle, Push, Socket};

fn example(socket: Socket<Push, Idle>, beat: Heartbeat) {
    socket.heartbeat(beat).close();
}

fn main() {}
