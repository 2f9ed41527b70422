//! ZMQ_HEARTBEAT_IVL is read when the socket connects: set later, it does nothing until the next connect.
use zmq_typestate::{Connected, Heartbeat, Push, Socket};

fn example(socket: Socket<Push, Connected>, beat: Heartbeat) {
    socket.heartbeat(beat).close();
}

fn main() {}
