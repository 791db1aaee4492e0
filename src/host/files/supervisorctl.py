#!/usr/bin/python3 -IS
"""status, start and stop of one program of supervisord, with less work than supervisorctl's.

    supervisorctl.py -c CONFIG status|start|stop NAME

The same questions over the same socket (XML-RPC: https://supervisord.org/api.html). Most of supervisorctl's time
goes into what it imports; and while supervisord holds an answer back until a program has ended, as supervisorctl asks it to,
it keeps a whole processor busy. So this one asks again and again. Where CONFIG leads elsewhere than to a socket without a
password, supervisorctl itself takes its place.
"""
import os
import socket
import sys
import time

# Seconds for one answer, until a program has started, and until it has ended: supervisord kills it at its own limit, at most
# an hour after it was told.
ANSWER, START, STOP = 20, 30, 3700


class Fault(Exception):
    """What supervisord refuses, or why it does not answer."""


def control(config):
    """The path of supervisord's socket; None where supervisorctl is needed to reach it."""
    section, told = "", {}
    with open(config, encoding="utf-8", errors="replace") as file:
        for line in file:
            line = line.split(" ;", 1)[0].strip()
            if line.startswith("["):
                section = line
            elif section == "[supervisorctl]" and "=" in line:
                key, value = line.split("=", 1)
                told[key.strip()] = value.strip()
    url = told.get("serverurl", "")
    plain = url.startswith("unix:///") and "%" not in url and "username" not in told
    return url[len("unix://") :] if plain else None


def ask(path, method, *values):
    """What supervisord answers, as text; throws Fault."""
    body = '<?xml version="1.0"?><methodCall><methodName>supervisor.%s</methodName><params>%s</params></methodCall>' % (
        method,
        "".join("<param><value>%s</value></param>" % value for value in values),
    )
    head = "POST /RPC2 HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(body.encode())
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER)
            connection.connect(path)
            connection.sendall((head + body).encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")
    except OSError as error:
        raise Fault("unix://%s %s" % (path, error.strerror or error)) from None
    first, _, rest = answer.partition("\r\n")
    if " 200 " not in first:
        raise Fault("unix://%s answers: %s" % (path, first or "nothing"))
    if "<fault>" in rest:
        raise Fault(member(rest, "faultString", "string"))
    return rest


def member(text, key, kind):
    value = text.partition("<name>%s</name>" % key)[2].partition("<%s>" % kind)[2].partition("</%s>" % kind)[0]
    return value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def look(path, name):
    """(state, what is said of it: its pid where there is one)"""
    told = ask(path, "getProcessInfo", "<string>%s</string>" % name)
    pid = member(told, "pid", "int")
    return member(told, "statename", "string"), "pid " + pid if pid not in ("", "0") else member(told, "description", "string")


def act(path, verb, name):
    """Asks for it and waits until supervisord is done with it; says what became of it."""
    method, passing, limit = {
        "start": ("startProcess", ("STARTING",), START),
        "stop": ("stopProcess", ("STOPPING",), STOP),
    }[verb]
    ask(path, method, "<string>%s</string>" % name, "<boolean>0</boolean>")
    end, pause = time.monotonic() + limit, 0.01
    state, said = look(path, name)
    while state in passing and time.monotonic() < end:
        time.sleep(pause)
        pause = min(pause * 2, 0.2)
        state, said = look(path, name)
    return state, said


def main():
    config, verb, name = sys.argv[2:]
    try:
        path = control(config)
        if path is None:
            os.execv("/usr/bin/supervisorctl", ["supervisorctl", "-c", config, verb, name])
        state, said = look(path, name) if verb == "status" else act(path, verb, name)
    except (Fault, OSError) as fault:
        sys.exit("%s: ERROR (%s)" % (name, fault))
    print("%-32s %-9s %s" % (name, state, said))


main()
