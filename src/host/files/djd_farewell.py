"""What a release that is about to stop says to those who are connected to it: come again, the next one answers.

A websocket has no end of its own. It is closed as its application would close it, so that each server sends a close
frame; left to themselves most just drop the connection. An answer says `Connection: close`, so
that a client, or an nginx with `keepalive`, takes a new connection, which leads to the next release.
"""
import asyncio

# What it means, and what a server says that lets an application choose only among codes of its own (Daphne).
SERVICE_RESTART, ITS_OWN = 1012, 4012

leaving = False
_closers = set()  # of each open websocket: a coroutine function
_tasks = set()


def say():
    """Called in the worker's loop, once the release has no visitors to win."""
    global leaving
    leaving = True
    for close in list(_closers):
        task = asyncio.ensure_future(close())
        _tasks.add(task)  # a loop keeps no task alive
        task.add_done_callback(_tasks.discard)


async def websocket(inner, scope, receive, send):
    """Runs the application for one websocket, which can be closed over its head."""
    accepted = closed = False

    async def close():
        nonlocal closed
        if accepted and not closed:
            closed = True
            try:
                await send({"type": "websocket.close", "code": SERVICE_RESTART})
            except Exception:
                await send({"type": "websocket.close", "code": ITS_OWN})

    async def answer(message):
        nonlocal accepted, closed
        if closed:
            return  # the application learns of it from the disconnect that the server tells it
        closed = message["type"] == "websocket.close"
        await send(message)
        if message["type"] == "websocket.accept":
            accepted = True
            if leaving:
                await close()

    _closers.add(close)
    try:
        await inner(scope, receive, answer)
    finally:
        _closers.discard(close)


def answers(scope, send):
    """The `send` of an HTTP request that says so once the release is leaving. HTTP/2 has no such header."""
    if not scope.get("http_version", "1.1").startswith("1"):
        return send

    async def answer(message):
        if leaving and message["type"] == "http.response.start":
            headers = [row for row in message.get("headers", []) if bytes(row[0]).lower() != b"connection"]
            message = dict(message, headers=headers + [(b"connection", b"close")])
        await send(message)

    return answer
