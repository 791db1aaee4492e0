#!/usr/bin/python3
"""Stands in for a release that was broken into: what is posted to it is run as a program by the application itself."""
import http.server
import os
import socketserver
import subprocess
import sys

site = os.path.realpath(__file__).split("/releases/")[0]
here = "%s/sockets/%s.sock" % (site, sys.argv[1])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(b"here\n" + str(self.headers).encode())

    def do_POST(self):
        program = self.rfile.read(int(self.headers["Content-Length"]))
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=site + "/shared", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=50,
        )  # fmt: skip
        self.answer(done.stdout)

    def answer(self, body):
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
server = Server(here, Handler)
os.umask(0o022)
server.serve_forever()
