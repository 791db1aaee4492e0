"""The application as the server starts it: the project's own, plus one answer.

A request that carries this release's token gets the release's name and the worker's pid in two response headers.
Every other request passes untouched. The launcher names the project's application in DJDEPLOY_APPLICATION.
"""
import hmac
import importlib
import os

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


def _answer():
    return [("X-Djdeploy-Release", _release), ("X-Djdeploy-Pid", str(os.getpid()))]


def _wsgi(inner):
    def application(environ, start_response):
        if not hmac.compare_digest(environ.get("HTTP_X_DJDEPLOY_TOKEN", "").encode("latin-1", "replace"), _token):
            return inner(environ, start_response)

        def start(status, headers, *rest):
            return start_response(status, list(headers) + _answer(), *rest)

        return inner(environ, start)

    return application


def _asgi(inner):
    async def application(scope, receive, send):
        given = b""
        if scope["type"] == "http":
            given = next((value for name, value in scope["headers"] if name == b"x-djdeploy-token"), b"")
        if not hmac.compare_digest(given, _token):
            return await inner(scope, receive, send)

        async def answer(message):
            if message["type"] == "http.response.start":
                extra = [(name.lower().encode(), value.encode()) for name, value in _answer()]
                message = dict(message, headers=list(message.get("headers", [])) + extra)
            await send(message)

        return await inner(scope, receive, answer)

    return application


application = (_asgi if os.environ.get("DJDEPLOY_INTERFACE") == "asgi" else _wsgi)(_load())
