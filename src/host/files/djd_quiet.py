"""Signals by which a worker that runs on asyncio is told, in its own loop, that its release is going to stop.

FAREWELL: say so to those who are connected (djd_farewell.py), and go on answering. LEAVE: the same, and stop accepting,
while what was accepted is still answered. A server on asyncio drops a connection that it accepted and did not read yet
when it is told to stop. Behind nginx nobody connects by then; on a port that two releases share the old one would go on
accepting until its last moment, and so leaves new connections to the other one first.
"""
import asyncio
import signal
import socket

import djd_farewell

LEAVE = signal.SIGRTMIN + 7
FAREWELL = signal.SIGRTMIN + 8


def listen_for_it():
    """Called in a worker's running loop. A loop that is not Python's own (uvloop) keeps its sockets to itself."""
    loop = asyncio.get_running_loop()
    selector = getattr(loop, "_selector", None)
    try:
        loop.add_signal_handler(FAREWELL, djd_farewell.say)
        if selector is not None:
            loop.add_signal_handler(LEAVE, lambda: _leave(loop, selector))
    except (RuntimeError, ValueError, NotImplementedError):  # not the main thread, or a loop that handles none
        pass


def _leave(loop, selector):
    for key in list(selector.get_map().values()):
        if _listens(key.fd):
            loop.remove_reader(key.fd)
    djd_farewell.say()


def _listens(fd):
    try:
        twin = socket.socket(fileno=fd)
    except OSError:
        return False
    try:
        return bool(twin.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False
    finally:
        twin.detach()
