"""A peer of another implementation, for tests/pyzmq.rs: a REP that serves those who may, or a REQ that asks.

    secured.py serve plain USER PASSWORD            prints its endpoint
    secured.py serve curve SECRET CLIENT_KEY        prints its endpoint
    secured.py ask ENDPOINT plain USER PASSWORD     prints the replies
    secured.py ask ENDPOINT curve SERVER_KEY SECRET prints the replies
"""

import sys

import zmq
from zmq.auth.thread import ThreadAuthenticator

QUESTIONS = 100


def serve(context, mechanism, first, second):
    auth = ThreadAuthenticator(context)
    auth.start()
    socket = context.socket(zmq.REP)
    socket.zap_domain = b"global"
    if mechanism == "plain":
        auth.configure_plain(domain="global", passwords={first: second})
        socket.plain_server = True
    else:
        auth.configure_curve_callback("global", OneKey(second.encode()))
        socket.curve_secretkey = first.encode()
        socket.curve_publickey = zmq.curve_public(first.encode())
        socket.curve_server = True
    socket.bind("tcp://127.0.0.1:*")
    print(socket.last_endpoint.decode(), flush=True)
    while True:
        message = socket.recv(copy=False)
        socket.send(message.bytes + b" from " + message.get("User-Id").encode())


class OneKey:
    def __init__(self, key):
        self.key = key

    def callback(self, domain, key):
        return key == self.key


def ask(context, endpoint, mechanism, first, second):
    socket = context.socket(zmq.REQ)
    if mechanism == "plain":
        socket.plain_username, socket.plain_password = first.encode(), second.encode()
    else:
        socket.curve_serverkey = first.encode()
        socket.curve_secretkey = second.encode()
        socket.curve_publickey = zmq.curve_public(second.encode())
    socket.connect(endpoint)
    for number in range(QUESTIONS):
        socket.send(b"question %d" % number)
        print(socket.recv().decode(), flush=True)


def main(what, *arguments):
    context = zmq.Context()
    {"serve": serve, "ask": ask}[what](context, *arguments)
    context.destroy(linger=0)


main(*sys.argv[1:])
