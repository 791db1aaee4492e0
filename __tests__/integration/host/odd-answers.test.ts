import { expect, it } from "vitest";
import { askPython } from "../../support/host-python.ts";

// What a release answers is its own word: whatever that is, the agent reads it, and soon.

const program = `
import json, socket, threading, time
import djd_probe

head, piece, count = sys.argv[1].encode("latin-1"), sys.argv[2], int(sys.argv[3])
server = socket.create_server(("127.0.0.1", 0))

def serve():
    while True:
        visitor = server.accept()[0]
        visitor.recv(65536)
        body = (piece * count).encode()
        visitor.sendall(b"HTTP/1.1 200 OK\\r\\n" + head + b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
        visitor.close()

threading.Thread(target=serve, daemon=True).start()
request = {"path": "/", "host": "shop.example.com", "scheme": "http", "timeout": 5, "status": "auto"}
where = {"address": "127.0.0.1", "port": server.getsockname()[1], "tls": False}
begun = time.process_time()
answer = djd_probe.until_good(where, request, "token", "r1", 10, 1, None)
print(json.dumps([answer["ok"], answer["pids"], answer["seen"]["body"], time.process_time() - begun < 10]))
`;

const ask = (head: string, piece = "", count = 1) =>
  askPython(program, `X-Djdeploy-Release: r1\r\n${head}`, piece, String(count));

it.each([
  ["a number", "4711", [4711]],
  ["a digit that is no decimal one", "\u00b2", []],
  ["more digits than a number may have", "9".repeat(5000), []],
])("a worker that calls its process %s", (_, pid, pids) => {
  expect(ask(`X-Djdeploy-Pid: ${pid}\r\n`)).toEqual([true, pids, "", true]);
});

it.each([
  ["opens one script after the other", "<script", ""],
  ["opens one tag after the other", "<", "<".repeat(400)],
])("a page that %s and ends none is read in no time", (_, piece, words) => {
  const [ok, , body, quick] = ask("", piece, Math.floor((256 * 1024) / piece.length)) as unknown[];
  expect([ok, String(body).startsWith(words), quick]).toEqual([true, true, true]);
});

it("the words of a page are told without its tags, styles and scripts", () => {
  const page =
    "<title>Oh</title><style>a {}</STYLE><script>if (a<b) c()</script>\n<h1>Server  Error</h1> 1 < 2";
  expect(ask("", page)).toEqual([true, [], "Oh Server Error 1 < 2", true]);
});
