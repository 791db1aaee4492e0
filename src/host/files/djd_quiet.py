"""Makes a server that runs on asyncio stop accepting, while it goes on with what it has accepted.

Such servers drop a connection that they accepted and did not read yet when they are told to stop. Behind nginx nobody
connects by then; on a port that two releases share the old one would go on accepting until its last moment. So it is
told to leave new connections to the other one first: by a signal that nobody else uses, handled in the worker's loop.
"""
import asyncio
import signal
import socket

SIGNAL = signal.SIGRTMIN + 7


def listen_for_it():
    """Called in a worker's running loop. A loop that is not Python's own (uvloop) keeps its sockets to itself."""
    loop = asyncio.get_running_loop()
    selector = getattr(loop, "_selector", None)
    if selector is None:
        return
    try:
        loop.add_signal_handler(SIGNAL, lambda: _stop_accepting(loop, selector))
    except (RuntimeError, ValueError):  # not the main thread
        pass


def _stop_accepting(loop, selector):
    for key in list(selector.get_map().values()):
        if _listens(key.fd):
            loop.remove_reader(key.fd)


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
