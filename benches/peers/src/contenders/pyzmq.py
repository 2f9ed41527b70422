"""pyzmq with asyncio: the workloads of workloads.rs, with the order and the lines of lib.rs."""

import asyncio
import os
import sys
import threading
import time
from dataclasses import dataclass, replace

import zmq
import zmq.asyncio

LOOPBACK = "tcp://127.0.0.1:*"
PROBE = 2**64 - 1
END = 2**64 - 2
BETWEEN_MARKS = 0.01


@dataclass
class Order:
    role: str
    runtime: str
    size: int
    messages: int
    width: int
    endpoint: str

    @property
    def warm_up(self):
        return self.messages // 10

    @property
    def total(self):
        return self.warm_up + self.messages


class Payload:
    def __init__(self, size):
        self.filling = bytes([7]) * (size - 9)
        self.next = 0

    def following(self):
        self.next += 1
        return self.numbered(self.next - 1)

    def numbered(self, number):
        return number.to_bytes(8, "little") + self.filling + bytes([~number & 0xFF])


class Expected:
    def __init__(self, size, gaps=False):
        self.size, self.gaps = size, gaps
        self.next = self.received = 0
        self.probed = self.ended = False

    def check(self, payload):
        assert len(payload) == self.size, f"{len(payload)} bytes came in place of {self.size}"
        number = int.from_bytes(payload[:8], "little")
        assert payload[-1] == ~number & 0xFF, f"the end of message {number} is not what was sent"
        if number == self.next or self.gaps and self.next < number < END:
            self.next = number + 1
            self.received += 1
        elif number == PROBE:
            self.probed = True
        elif number == END:
            self.ended = True
        else:
            raise AssertionError(f"message {number} came where {self.next} is next")


def say(*words):
    print(*words, flush=True)


def watch_input(go):
    """Sets `go` at that line; the end of the input ends the process."""

    def watch():
        for line in sys.stdin:
            if line.strip() == "go":
                go.set()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


class Contender:
    def __init__(self, order):
        self.order = order
        self.context = zmq.asyncio.Context()
        self.go = threading.Event()
        watch_input(self.go)

    def connected(self, kind, endpoint):
        socket = self.context.socket(kind)
        socket.connect(endpoint)
        return socket

    def bound(self, kind, endpoint=LOOPBACK):
        socket = self.context.socket(kind)
        socket.bind(endpoint)
        return socket, socket.last_endpoint.decode()

    def heard(self, kind):
        socket, endpoint = self.bound(kind)
        say("endpoint", endpoint)
        return socket

    async def push(self):
        await push(self.connected(zmq.PUSH, self.order.endpoint), self.order)

    async def pull(self):
        await receive(self.heard(zmq.PULL).recv, self.order)

    async def req(self):
        await ask(self.connected(zmq.REQ, self.order.endpoint), self.order)

    async def rep(self):
        await answer(self.heard(zmq.REP), self.order)

    async def router(self):
        await answer(self.heard(zmq.ROUTER), self.order)

    async def dealer(self):
        dealer = self.connected(zmq.DEALER, self.order.endpoint)
        payloads = Payload(self.order.size)
        for _ in range(self.order.width):
            await dealer.send(payloads.following())

        async def next_answer():
            message = await dealer.recv()
            await dealer.send(payloads.following())
            return message

        await receive(next_answer, self.order)

    async def publish(self):
        publisher = self.context.socket(zmq.PUB)
        publisher.sndhwm = 0
        publisher.bind(LOOPBACK)
        say("endpoint", publisher.last_endpoint.decode())
        payloads = Payload(self.order.size)
        while not self.go.is_set():
            await publisher.send(payloads.numbered(PROBE))
            await asyncio.sleep(BETWEEN_MARKS)
        for _ in range(self.order.total):
            await publisher.send(payloads.following())
        while True:
            await publisher.send(payloads.numbered(END))
            await asyncio.sleep(BETWEEN_MARKS)

    async def subscribe(self):
        ready = asyncio.Queue()
        hearing = [asyncio.create_task(self.hear(ready)) for _ in range(self.order.width)]
        for _ in hearing:
            await ready.get()
        say("ready")
        _subscribers, begun, ended, lost = zip(*await asyncio.gather(*hearing))
        say("took", max(ended) - min(begun), self.order.messages, sum(lost))

    async def hear(self, ready):
        subscriber = self.context.socket(zmq.SUB)
        subscriber.rcvhwm = 0
        subscriber.connect(self.order.endpoint)
        subscriber.subscribe(b"")
        expected = Expected(self.order.size, gaps=True)
        while not expected.probed:
            expected.check(await subscriber.recv())
        ready.put_nowait(None)
        while expected.next < self.order.warm_up and not expected.ended:
            expected.check(await subscriber.recv())
        begun = time.perf_counter_ns()
        while expected.next < self.order.total and not expected.ended:
            expected.check(await subscriber.recv())
        return subscriber, begun, time.perf_counter_ns(), self.order.total - expected.received

    async def inproc_push_pull(self):
        pull, endpoint = self.bound(zmq.PULL, "inproc://peers")
        pushing = asyncio.create_task(push(self.connected(zmq.PUSH, endpoint), self.order))
        await receive(pull.recv, self.order)
        pushing.cancel()

    async def inproc_req_rep(self):
        rep, endpoint = self.bound(zmq.REP, "inproc://peers")
        answering = asyncio.create_task(answer(rep, self.order))
        await ask(self.connected(zmq.REQ, endpoint), self.order)
        answering.cancel()

    async def many(self):
        idle = []
        for number in range(1, self.order.width // 2):
            pull, endpoint = self.bound(zmq.PULL, f"inproc://peers-{number}")
            idle.append((self.connected(zmq.PUSH, endpoint), pull, pull.recv()))
        self.order = replace(self.order, width=1)
        await self.inproc_push_pull()


async def push(socket, order):
    payloads = Payload(order.size)
    for _ in range(order.total):
        await socket.send(payloads.following())
    await asyncio.Event().wait()


async def receive(recv, order):
    expected = Expected(order.size)
    for _ in range(order.warm_up):
        expected.check(await recv())
    begun = time.perf_counter_ns()
    for _ in range(order.messages):
        expected.check(await recv())
    say("took", time.perf_counter_ns() - begun, order.messages, 0)


async def ask(req, order):
    payloads, expected, nanos = Payload(order.size), Expected(order.size), []
    for _ in range(order.total):
        begun = time.perf_counter_ns()
        await req.send(payloads.following())
        expected.check(await req.recv())
        nanos.append(time.perf_counter_ns() - begun)
    measured = sorted(nanos[order.warm_up :])
    say("round_trip", *(measured[(len(measured) - 1) * percent // 100] for percent in (50, 99)))


async def answer(socket, order):
    expected = Expected(order.size)
    while True:
        frames = await socket.recv_multipart()
        expected.check(frames[-1])
        await socket.send_multipart(frames)


async def main():
    role, runtime, *numbers, endpoint = sys.argv[1:7]
    order = Order(role, runtime, *map(int, numbers), endpoint)
    # There are no calls for several messages, and asyncio is one thread.
    if role in ("push", "pull") and order.width > 1 or runtime == "one_thread":
        say("unsupported")
    else:
        await getattr(Contender(order), role)()
    os._exit(0)


asyncio.run(main())
