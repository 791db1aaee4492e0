"""The application as the server starts it: the project's own, plus one answer.

A request that carries the application's token gets the release's name, the worker's pid and the name of its virtual
environment in response headers, and in one more the exception that Django turned into its answer (a project's logging
need not show it anywhere). Every other request passes untouched, but for what a release that is about to stop says to
its visitors (djd_farewell.py). The launcher names the project's application in DJDEPLOY_APPLICATION.
"""
import contextvars
import hmac
import importlib
import logging
import os
import sys
import traceback

_here = os.path.dirname(os.path.abspath(__file__))
_release = os.environ["DJDEPLOY_RELEASE"]
with open(os.path.join(_here, "token")) as _file:
    _token = _file.read().strip().encode()

if os.environ.get("DJDEPLOY_STATIC_ROOT"):
    from django.conf import settings

    settings.STATIC_ROOT = os.environ["DJDEPLOY_STATIC_ROOT"]


def _load():
    module, _, name = os.environ["DJDEPLOY_APPLICATION"].partition(":")
    found = importlib.import_module(module)
    for part in (name or "application").split("."):
        found = getattr(found, part)
    return found


# A list of the request that carries the token: what went wrong in it. None in every other request.
_problems = contextvars.ContextVar("djdeploy_problems", default=None)


def _note(error):
    problems = _problems.get()
    if problems is None or error is None:
        return
    root = os.path.dirname(_here) + os.sep
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(root)]
    where = " (%s:%d)" % (frames[-1].filename[len(root):], frames[-1].lineno) if frames else ""
    text = "".join(traceback.format_exception_only(type(error), error)) + where
    text = " ".join(text.split()).encode("ascii", "backslashreplace").decode()
    problems[:] = [text if len(text) <= 500 else text[:500] + "[...]"]


class _Security(logging.Handler):
    """Django answers 400 to a suspicious request and tells only its log why."""

    def emit(self, record):
        _note(record.exc_info[1] if record.exc_info else None)


def _raised(**_kwargs):
    _note(sys.exc_info()[1])


def _watch():
    try:
        from django.core.signals import got_request_exception
    except ImportError:
        return
    got_request_exception.connect(_raised)
    logging.getLogger("django.security").addHandler(_Security(logging.ERROR))


def _answer(problems):
    rows = [("X-Djdeploy-Release", _release), ("X-Djdeploy-Pid", str(os.getpid()))]
    rows.append(("X-Djdeploy-Venv", os.path.basename(sys.prefix)))
    return rows + [("X-Djdeploy-Problem", text) for text in problems]


def _wsgi(inner):
    def application(environ, start_response):
        if not hmac.compare_digest(environ.get("HTTP_X_DJDEPLOY_TOKEN", "").encode("latin-1", "replace"), _token):
            return inner(environ, start_response)

        problems = []
        _problems.set(problems)

        def start(status, headers, *rest):
            return start_response(status, list(headers) + _answer(problems), *rest)

        try:
            return inner(environ, start)
        finally:
            _problems.set(None)

    return application


def _asgi(inner):
    import djd_farewell
    import djd_quiet

    listening = False

    async def application(scope, receive, send):
        nonlocal listening
        if not listening:
            listening = True
            djd_quiet.listen_for_it()
        if scope["type"] == "websocket":
            return await djd_farewell.websocket(inner, scope, receive, send)
        given = b""
        if scope["type"] == "http":
            send = djd_farewell.answers(scope, send)
            given = next((value for name, value in scope["headers"] if name == b"x-djdeploy-token"), b"")
        if not hmac.compare_digest(given, _token):
            return await inner(scope, receive, send)

        problems = []
        _problems.set(problems)

        async def answer(message):
            if message["type"] == "http.response.start":
                extra = [(name.lower().encode(), value.encode()) for name, value in _answer(problems)]
                message = dict(message, headers=list(message.get("headers", [])) + extra)
            await send(message)

        return await inner(scope, receive, answer)

    return application


application = (_asgi if os.environ.get("DJDEPLOY_INTERFACE") == "asgi" else _wsgi)(_load())
_watch()
