"""Connections to a release's own socket and to the web server before it."""
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection  # noqa: F401 - probes catch the exception


class _Unix(HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class _Tls(HTTPSConnection):
    """The front door is asked on loopback under the site's name: its certificate is for the public, not for us."""

    def __init__(self, where, name, timeout):
        super().__init__(where["address"], where["port"], timeout=timeout, context=ssl._create_unverified_context())
        self.name = name

    def connect(self):
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.name)


def connection(where, name, timeout):
    """To a socket, or to an address and port; with TLS, to the site of that name."""
    if where.get("socket"):
        return _Unix(where["socket"], timeout)
    if where.get("tls"):
        return _Tls(where, name, timeout)
    return HTTPConnection(where["address"], where["port"], timeout=timeout)
