"""A peer of another implementation, for tests/foreign: one end of a pattern.

    patterns.py TYPE PEER ROLE COUNT

The first line of its input says where, `bind ENDPOINT` or `connect ENDPOINT`; it prints its endpoint. The roles:

    send     sends a stream of COUNT messages
    receive  receives one, and prints `all`
    ask      both at once: sends, but is at most WINDOW ahead of what has come back
    answer   both at once: sends a message for each that it has received
    talk     asks if it connects, and answers if it binds

Messages are numbered and have a checksum; tests/foreign/stream.rs says how. It stays until its input ends.
"""

import sys
import zlib

import zmq

PERIOD = 10_000
LARGE = (1_000, 1_001)
WINDOW = 500
# Begins the stream of a PUB, which is not told when somebody has subscribed; the other topic is for nobody.
HELLO, NOISE = b"0 hello", b"1 noise"
TOPIC = b"0"

# What stands before a message, by the type of the socket and of its peer. In place of the id of a peer that has to speak
# first there is anything.
ENVELOPES = {
    "DEALER REP": [b""],
    "ROUTER REQ": [b"id", b""],
    "ROUTER DEALER": [b"id"],
    "ROUTER ROUTER": [b"answerer"],
}


def bodies(number):
    """The frames that come after the header; of a message of one frame, what comes after it in the same one."""
    count = 1 if number % 2 == 0 else 1 + number // 2 % 4
    return [body((number * 4 + index) * 2_654_435_761 % 2**32, number in LARGE and index == 0) for index in range(count)]


def body(random, large):
    size = 2**20 if large else random // 2**12 % (4096 if random < 2**28 else 128)
    start = random % 4096
    return BYTES[start : start + size]


BYTES = bytes(number * number // 8 % 256 for number in range(4099)) * 257
BODIES = [bodies(number) for number in range(PERIOD)]
SIZES = [[len(body) for body in frames] for frames in BODIES]


def checksum(number, frames):
    crc = zlib.crc32(b"%08d" % number)
    for frame in frames:
        crc = zlib.crc32(frame, crc)
    return crc


def message(number):
    frames = BODIES[number % PERIOD]
    header = b"%08d %08x" % (number, checksum(number, frames))
    return [header + frames[0]] if number % 2 == 0 else [header, *frames]


def check(number, frames):
    header, rest = frames[0][:17], [frames[0][17:], *frames[1:]]
    if number % 2 == 1:
        assert rest.pop(0) == b"", (number, header)
    assert header == b"%08d %08x" % (number, checksum(number, rest)), (number, header)
    assert [len(frame) for frame in rest] == SIZES[number % PERIOD], (number, header)


class End:
    def __init__(self, context, kind, peer):
        self.socket = context.socket(getattr(zmq, kind))
        self.kind, self.peer = kind, peer
        self.envelope = ENVELOPES.get(f"{kind} {peer}", [])
        if kind in ("PUB", "SUB", "XPUB", "XSUB", "REP"):
            # They, or their peers, drop what there is no room for.
            self.socket.hwm = 0
        if kind in ("XPUB", "XSUB"):
            # Or a later frame would be taken for a subscription.
            self.socket.setsockopt(zmq.ONLY_FIRST_SUBSCRIBE, 1)
        if kind == "SUB":
            self.socket.subscribe(TOPIC)
        if kind == "ROUTER":
            self.socket.router_mandatory = True

    def attach(self, how, endpoint):
        if how == "connect" and self.kind == self.peer == "ROUTER":
            self.socket.setsockopt(zmq.CONNECT_ROUTING_ID, self.envelope[0])
        getattr(self.socket, how)(endpoint)
        if self.kind == "XSUB":
            self.socket.send(b"\1" + TOPIC)

    def meet(self):
        """Publishes only when somebody has subscribed."""
        if self.kind == "PUB":
            poller = zmq.Poller()
            poller.register(sys.stdin, zmq.POLLIN)
            while not poller.poll(1):
                self.socket.send(NOISE)
                self.socket.send(HELLO)
            assert sys.stdin.readline() == "begin\n"
        if self.kind == "XPUB":
            assert self.socket.recv() == b"\1" + TOPIC

    def send(self, number):
        self.socket.send_multipart(self.envelope + message(number))

    def receive(self, number):
        frames = self.socket.recv_multipart()
        if self.peer == "PUB" and number == 0 and frames == [HELLO]:
            print("begin", flush=True)
            while frames == [HELLO]:
                frames = self.socket.recv_multipart()
        cut = len(self.envelope)
        self.envelope, frames = frames[:cut], frames[cut:]
        check(number, frames)


def main(kind, peer, role, count):
    context, count = zmq.Context(), int(count)
    end = End(context, kind, peer)
    how, endpoint = sys.stdin.readline().split()
    end.attach(how, endpoint)
    print(end.socket.last_endpoint.decode().rstrip("\0"), flush=True)
    end.meet()
    if role == "talk":
        role = "ask" if how == "connect" else "answer"
    if role == "send":
        for number in range(count):
            end.send(number)
    if role == "receive":
        for number in range(count):
            end.receive(number)
    if role == "ask":
        window = 1 if kind == "REQ" else WINDOW
        for number in range(count + window):
            if number >= window:
                end.receive(number - window)
            if number < count:
                end.send(number)
    if role == "answer":
        for number in range(count):
            end.receive(number)
            end.send(number)
    if role != "send":
        print("all", flush=True)
    sys.stdin.read()
    context.destroy(linger=0)


main(*sys.argv[1:])
