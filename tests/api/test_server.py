"""Serving until somebody says stop: an endless answer does not hold the end up, and failures are written."""

import signal
import socket
import subprocess
import sys

import pytest

from convarchive.api.server import bind

SERVE = """
import asyncio, logging, signal
from convarchive.api.server import bind, serve

async def endless(scope, receive, send):
    if scope["type"] == "http":
        logging.getLogger("convarchive.api").error("a thing went wrong")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
            await asyncio.sleep(0.001)

# Where the tests run in a shell's background, SIGINT is ignored from birth.
signal.signal(signal.SIGINT, signal.default_int_handler)
bound = bind("127.0.0.1", 0)
bound.socket.listen()
print(bound.port, flush=True)
serve([(endless, bound)])
"""


def test_an_answer_leaves_at_once_and_does_not_wait_to_be_joined_by_more():
    """What asyncio does not know for TCP it sends in bundles: each answer then takes 40 ms longer."""
    bound = bind("127.0.0.1", 0)
    with bound.socket, socket.create_server(("127.0.0.1", 0)) as plain:
        assert bound.socket.proto == socket.IPPROTO_TCP
        assert plain.proto != socket.IPPROTO_TCP, "the system says so by itself now"


@pytest.mark.slow
def test_it_ends_while_an_answer_is_under_way_and_what_went_wrong_was_written():
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as serving:
        try:
            port = int(serving.stdout.readline())
            with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
                client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert client.recv(10)
                serving.send_signal(signal.SIGINT)
                serving.wait(timeout=30)
        finally:
            serving.kill()
        assert "ERROR convarchive.api: a thing went wrong" in serving.stderr.read()
