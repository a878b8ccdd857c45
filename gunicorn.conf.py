"""How gunicorn serves: one process with threads by default, on the loopback interface."""

import socket
import struct
from typing import Any

from agent_assist.settings import read_settings

settings = read_settings()
bind = settings.address
workers = settings.workers
threads = settings.threads
worker_class = "gthread"
# Each worker loads the encoder itself: its threads would not survive a fork.
preload_app = False
# A question is too small to be shared out: threads of numpy would only wait for each other.
raw_env = ["OPENBLAS_NUM_THREADS=1"]
control_socket_disable = True
timeout = 60
graceful_timeout = 20
keepalive = 5
accesslog = None  # the application logs requests itself, without what customers said
loglevel = settings.log_level.lower()


def when_ready(server: Any) -> None:
    """Let no client hold a thread by stalling: gunicorn itself waits for its next byte for ever.

    Linux hands these limits on from a listening socket to each connection that it accepts.
    """
    limit = struct.pack("ll", settings.client_seconds, 0)
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, limit)


def post_worker_init(worker: Any) -> None:
    """Streams have no end of their own: without this, stopping would wait for all of them."""
    worker.wsgi.extensions["streams"].until(lambda: not worker.alive)
