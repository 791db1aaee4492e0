"""HTTP probes over a slot's own socket or through the front door, with the question only a release can answer.

A request that carries the application's token is answered with the release's name and the worker's pid (djd_app.py), so
that a page from another release, a cache or a default site never counts.
"""
import os
import re
import socket
import time
from urllib.parse import quote, urlsplit

from djd_paths import head

# Seconds after which a page that raises the same exception again and again is not waited for any longer.
STUBBORN = 5.0
RANK = {401: 2, 403: 2, 404: 3}
# As the kernel names a process; \d and isdigit() take digits that int() does not, and more of them.
PID = re.compile("[0-9]{1,10}")
HIDDEN = re.compile(r"/?(style|script)\b", re.I)


def _name(request):
    """Of a Host header, without its port."""
    return urlsplit("//" + request["host"]).hostname or request["host"]


def ask(where, request, token):
    """One request, as `_ask`. A front door that itself sends visitors to HTTPS (certbot --nginx writes that) is followed there,
    once: to the same name, on this host's address."""
    seen = _ask(where, request, token)
    to = _upgrade(where, request, seen)
    if to is None:
        return seen
    # A Location may hold what no request line does.
    path = quote(to.path + ("?" + to.query if to.query else ""), safe="/?%&=:;,+!$'()*@~[]")
    there = _ask(dict(where, port=to.port or 443, tls=True), dict(request, scheme="https", path=path or "/"), token)
    return dict(there, upgraded=seen["location"])


def _upgrade(where, request, seen):
    """Where a redirect leads that is the web server's own, not the release's; None for every other answer."""
    if where.get("socket") or where.get("tls") or seen["release"] or not seen["location"] or request.get("forwarded"):
        return None
    try:
        to = urlsplit(seen["location"])
        same = to.scheme == "https" and to.hostname == _name(request).lower() and (to.port or 443)
    except ValueError:
        return None
    return to if same and 300 <= seen["status"] < 400 else None


def _ask(where, request, token):
    """One request. request: {path, host, scheme, timeout, forwarded}. Returns what was seen; never raises."""
    import djd_http  # it takes long to import: djd_agent.py begins with that while it waits

    begun = time.monotonic()
    headers = {"Host": request["host"], "User-Agent": "djdeploy", "Connection": "close", "Accept": "*/*"}
    if where.get("socket") or request.get("forwarded"):
        headers["X-Forwarded-Proto"] = request["scheme"]
        headers["X-Forwarded-For"] = "127.0.0.1"
    if token:
        headers["X-Djdeploy-Token"] = token
    seen = {"status": None, "location": None, "release": None, "venv": None, "pid": None, "body": "", "error": None, "exception": None, "timeout": False, "upgraded": None}
    connection = djd_http.connection(where, _name(request), request["timeout"])
    try:
        connection.request("GET", request["path"], headers=headers)
        answer = connection.getresponse()
        body = answer.read(256 * 1024)
        seen["status"] = answer.status
        seen["location"] = answer.getheader("Location")
        seen["release"] = answer.getheader("X-Djdeploy-Release")
        seen["venv"] = answer.getheader("X-Djdeploy-Venv")
        seen["exception"] = answer.getheader("X-Djdeploy-Problem")
        pid = answer.getheader("X-Djdeploy-Pid")
        seen["pid"] = int(pid) if pid and PID.fullmatch(pid) else None
        seen["body"] = body.decode("utf-8", "replace")
    except (OSError, djd_http.HTTPException) as error:
        seen["error"] = _reason(error)
        seen["timeout"] = isinstance(error, socket.timeout)
    finally:
        connection.close()
    seen["ms"] = int((time.monotonic() - begun) * 1000)
    return seen


def _reason(error):
    if isinstance(error, (socket.timeout, TimeoutError)):
        return "no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, FileNotFoundError):
        return "no such socket"
    return "%s: %s" % (type(error).__name__, error)


def judge(seen, request):
    """None if the answer is good, else one sentence. request: {status: "auto"|[int], contains, scheme, host, live}."""
    status = seen["status"]
    if seen["error"]:
        return seen["error"]
    if request["status"] != "auto":
        if status not in request["status"]:
            return "answered %d; expected %s" % (status, " or ".join(str(code) for code in request["status"]))
    elif status == 400:
        return "answered 400"
    elif 300 <= status < 400:
        problem = _redirect(seen["location"], request, "https" if seen["upgraded"] else request["scheme"])
        if problem:
            return problem
    elif not (200 <= status < 300 or status in RANK):
        return "answered %d" % status
    elif request.get("live") and _rank(status) > 1 and _rank(request["live"]) <= 1:
        return "answered %d where the live release answers %d" % (status, request["live"])
    if request.get("contains") and request["contains"] not in seen["body"]:
        return "the page does not contain %r" % request["contains"]
    return None


def _rank(status):
    return 0 if 200 <= status < 300 else 1 if 300 <= status < 400 else RANK.get(status, 4)


def _redirect(location, request, scheme):
    if not location:
        return "a redirect without a Location"
    try:
        to = urlsplit(location)
    except ValueError:
        return "redirects to what is no address: %s" % location
    if to.scheme and to.scheme != scheme:
        return "redirects to %s; it was asked over %s" % (location, scheme)
    if to.hostname and to.hostname != request["host"].rsplit(":", 1)[0].strip("[]").lower():
        return "redirects to another host: %s" % location
    return None


def until_good(where, request, token, release, deadline, successes, alive, beside=None):
    """Asks until `successes` good answers of the release came in a row.

    alive(): None while waiting makes sense, else why it does not. beside: a release that may answer too, where both
    serve on one port; its answers count for nothing. Returns {"ok", "problem", "seen", "pids"}.
    """
    end = time.monotonic() + deadline
    row, pids, seen, problem = 0, set(), None, "was not asked"
    raised, since = None, 0.0
    while True:
        left = end - time.monotonic()
        if left <= 0:
            return {"ok": False, "problem": problem, "seen": _short(seen), "pids": sorted(pids), "timedOut": True}
        seen = ask(where, dict(request, timeout=min(request["timeout"], max(left, 0.1))), token)
        other = beside is not None and seen["release"] == beside
        problem = None if other else judge(seen, request)
        if problem is None and seen["release"] != release:
            problem = "the answer came from %s" % (seen["release"] or "something that is not this release")
        if problem is None:
            row += 1
            if seen["pid"]:
                pids.add(seen["pid"])
            if row >= successes:
                return {"ok": True, "problem": None, "seen": _short(seen), "pids": sorted(pids)}
            continue
        row = row if other else 0
        dead = alive() if alive else None
        if dead:
            return {"ok": False, "problem": dead, "seen": _short(seen), "pids": sorted(pids)}
        if seen["exception"] != raised:
            raised, since = seen["exception"], time.monotonic()
        final = _final(seen, request) or (raised and time.monotonic() - since > STUBBORN)
        if seen["status"] is not None and seen["release"] == release and final:
            return {"ok": False, "problem": problem, "seen": _short(seen), "pids": sorted(pids)}
        time.sleep(0.05)


def _final(seen, request):
    """An answer that waiting does not mend: the release itself refused the name, or the redirect is its own."""
    status = seen["status"] or 0
    return status == 400 or (request["status"] == "auto" and 300 <= status < 400)


def _short(seen):
    return dict(seen, body=head(_words(seen["body"]), 400)) if seen else None


def _words(page):
    """The text of a page, in one pass: a pattern that looks for each end anew takes a minute for a page of nothing but `<`."""
    first, *parts = page.split("<")
    text, hidden = [first], None
    for part in parts:
        named = HIDDEN.match(part)
        if hidden:
            if not named or named.group().lower() != "/" + hidden:
                continue
            hidden = None
        elif named and not part.startswith("/"):
            hidden = named.group(1).lower()
            continue
        tag, closed, behind = part.partition(">")
        text.append(" " + behind if tag and closed else "<" + part)
    return " ".join("".join(text).split())


def token(paths, release):
    try:
        with open(os.path.join(paths.release(release), ".djdeploy", "token")) as file:
            return file.read().strip()
    except OSError:
        return None
