//! ZMQ_REQ_CORRELATE is read when the reply comes: set while it is awaited, the reply is discarded in silence.
use zmq_typestate::{AwaitingReply, Connected, Req, Socket};

fn example(socket: Socket<Req<AwaitingReply>, Connected>) {
    socket.correlated().close();
}

fn main() {}
