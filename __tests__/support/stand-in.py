#!/usr/bin/python3
"""Stands in for a release: says which slot it is, shows headers, tries paths as the application would."""
import ctypes
import http.server
import os
import socketserver
import subprocess
import sys
import urllib.parse

slot = sys.argv[1]
# On a host of an older layout there is no such folder.
folder = "sockets" if os.access("/srv/shop/sockets", os.W_OK) else "run"
here = "/srv/shop/" + folder + "/" + slot + ".sock"


def trace():
    """What the kernel says of tracing a child of one's own, which it allows where nothing forbids it."""
    child = subprocess.Popen(["sleep", "60"])
    done = ctypes.CDLL(None, use_errno=True).ptrace(0x4206, child.pid, None, None)  # PTRACE_SEIZE
    said = os.strerror(ctypes.get_errno())
    child.kill()
    child.wait()
    return "traced" if done == 0 else said


def attempt(path):
    if path == "trace":
        return trace()
    try:
        if os.path.isdir(path):
            return " ".join(sorted(os.listdir(path)))
        with open(path, "a+") as file:
            file.seek(0)
            return "writable: " + file.read()
    except OSError as error:
        return error.strerror


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        path = urllib.parse.parse_qs(url.query).get("path")
        text = attempt(path[0]) if path else f"slot {slot} {self.path}\n{self.headers}"
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "a socket"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


if os.path.exists(here):
    os.unlink(here)
os.umask(0)
Server(here, Handler).serve_forever()
