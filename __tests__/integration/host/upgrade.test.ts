import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { askPython } from "../../support/host-python.ts";

// What certbot makes of a site: its plain half sends everybody to HTTPS. The probe goes along, once, and nowhere else.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "djd-tls-"));
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"].concat([
      "-subj",
      "/CN=shop.example.com",
      "-keyout",
      join(folder, "key"),
      "-out",
      join(folder, "cert"),
    ]),
    { stdio: "ignore" },
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = `
import http.server, json, ssl, threading
import djd_probe

folder, location, own = sys.argv[1:4]
asked = []

class Release(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked.append(self.headers["Host"] + self.path)
        self.send_response(302 if self.path == "/again" else 200)
        self.send_header("X-Djdeploy-Release", "r1")
        if self.path == "/again":
            self.send_header("Location", "https://shop.example.com/again")
        self.end_headers()
    def log_message(self, *_):
        pass

class Plain(Release):
    def do_GET(self):
        self.send_response(301)
        if own == "own":
            self.send_header("X-Djdeploy-Release", "r1")
        self.send_header("Location", location.replace("PORT", str(secure.server_port)))
        self.end_headers()

def serve(kind):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

secure = serve(Release)
names = []
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "/cert", folder + "/key")
context.sni_callback = lambda _sock, name, _context: names.append(name)
secure.socket = context.wrap_socket(secure.socket, server_side=True)
plain = serve(Plain)
request = {"path": "/x?y=1", "host": "shop.example.com", "scheme": "http", "timeout": 5, "status": "auto"}
seen = djd_probe.ask({"address": "127.0.0.1", "port": plain.server_port, "tls": False}, request, "token")
print(json.dumps([seen["status"], seen["release"], asked, names[:1], djd_probe.judge(seen, request)]))
`;

const followed = (path: string) => [200, "r1", [`shop.example.com${path}`], ["shop.example.com"], null];

it.each([
  ["to the same page", "https://shop.example.com:PORT/x?y=1", "", followed("/x?y=1")],
  ["to the top", "https://shop.example.com:PORT", "", followed("/")],
  ["in capitals", "https://SHOP.example.com:PORT/x?y=1", "", followed("/x?y=1")],
  [
    "and on to itself: not followed for ever",
    "https://shop.example.com:PORT/again",
    "",
    [302, "r1", ["shop.example.com/again"], ["shop.example.com"], null],
  ],
  [
    "to what no request line may hold",
    "https://shop.example.com:PORT/caf\u00e9 \u00b2",
    "",
    followed("/caf%C3%A9%20%C2%B2"),
  ],
  [
    "to another name",
    "https://other.example.com:PORT/",
    "",
    [301, null, [], [], /another host|asked over http/],
  ],
  ["to plain HTTP", "http://shop.example.com:PORT/", "", [301, null, [], [], null]],
  ["of the release itself", "https://shop.example.com:PORT/", "own", [301, "r1", [], [], /asked over http/]],
  ["that is none", "https://[broken/", "", [301, null, [], [], /./]],
])("a redirect %s", (_name, location, own, wanted) => {
  const got = askPython<unknown[]>(program, folder, location, own);
  const problem = wanted[4];
  expect(got.slice(0, 4)).toEqual(wanted.slice(0, 4));
  if (problem === null) expect(got[4]).toBeNull();
  else expect(got[4]).toMatch(problem as RegExp);
});
