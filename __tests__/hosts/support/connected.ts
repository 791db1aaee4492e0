import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";

/** Where a site is asked: its address and port; the name is the shop's. */
export interface At {
  address: string;
  port: number;
}

const name = "shop.example.com";

/** The shop as an ASGI application: pages that wait, take what is sent, stream events, and an echo over a websocket. */
export const connectedShop = {
  "shop/asgi.py": `import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.production")
django = get_asgi_application()


async def application(scope, receive, send):
    if scope["type"] != "websocket":
        return await django(scope, receive, send)
    from shop import version

    await receive()
    await send({"type": "websocket.accept"})
    message = await receive()
    while message["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": version.NUMBER + ":" + message["text"]})
        message = await receive()
`,
  "shop/connected.py": `import asyncio

from django.http import HttpResponse, StreamingHttpResponse

from . import version


async def wait(request):
    number = version.NUMBER
    await asyncio.sleep(float(request.GET["s"]))
    return HttpResponse(number)


async def upload(request):
    return HttpResponse("%s:%d" % (version.NUMBER, len(request.body)))


async def events(request):
    async def stream():
        for n in range(int(request.GET.get("n", "100000"))):
            yield "data: %s %d\\n\\n" % (version.NUMBER, n)
            await asyncio.sleep(0.2)
        yield "event: end\\ndata:\\n\\n"

    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(stream(), content_type="text/event-stream", headers=headers)
`,
  "shop/urls.py": `from django.urls import path

from . import connected, views

urlpatterns = [
    path("", views.home),
    path("slow/", views.slow),
    path("where/", views.where),
    path("wait/", connected.wait),
    path("upload/", connected.upload),
    path("events/", connected.events),
]
`,
};

/** What a visitor saw of one answer; status 0 and the reason where there was none. */
export interface Answered {
  status: number;
  body: string;
  /** The body came to its end; false = it was cut. */
  whole: boolean;
  error?: string;
}

export interface Visit {
  /** Resolves when the first byte of the answer's body is there. */
  begun: Promise<void>;
  ended: Promise<Answered>;
  body(): string;
  leave(): void;
}

/** One request; `pieces` are its body, a piece each `everyMs`. */
export function visit({ address, port }: At, path: string, pieces: string[] = [], everyMs = 500): Visit {
  let body = "";
  let first = () => {};
  const begun = new Promise<void>((resolve) => {
    first = resolve;
  });
  const length = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  const asked = request({
    ...{ host: address, port, path, agent: new Agent() },
    method: pieces.length > 0 ? "POST" : "GET",
    headers: { host: name, ...(pieces.length > 0 ? { "content-length": length } : {}) },
  });
  const ended = new Promise<Answered>((resolve) => {
    const fail = (status: number) => (error: Error) =>
      resolve({ status, body, whole: false, error: error.message });
    asked.on("error", fail(0));
    asked.on("response", (answer) => {
      const status = answer.statusCode ?? 0;
      answer.setEncoding("utf8").on("data", (text: string) => {
        body += text;
        first();
      });
      answer.on("end", () => resolve({ status, body, whole: answer.complete }));
      answer.on("error", fail(status));
    });
  });
  const send = ([piece, ...rest]: string[]) => {
    if (piece === undefined) return void asked.end();
    asked.write(piece);
    setTimeout(() => send(rest), everyMs);
  };
  send(pieces);
  return { begun, ended, body: () => body, leave: () => asked.destroy() };
}

/** How a websocket ended: the code of the close frame, or what happened instead. */
export type Closed = { code: number } | { error: string };

export interface Websocket {
  /** Sends a text and waits for the answer. */
  ask(text: string): Promise<string>;
  closed: Promise<Closed>;
  leave(): void;
}

/** A websocket by a real handshake: RFC 6455 as far as short texts and a close need it. */
export async function openWebsocket({ address, port }: At): Promise<Websocket> {
  const socket = connect(port, address);
  const key = randomBytes(16).toString("base64");
  socket.write(
    `GET /ws/ HTTP/1.1\r\nHost: ${name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  let data = Buffer.alloc(0);
  let hear: (text: string) => void = () => {};
  let opened: () => void = () => {};
  let refused: (error: Error) => void = () => {};
  const open = new Promise<void>((resolve, reject) => {
    opened = resolve;
    refused = reject;
  });
  let upgraded = false;
  const closed = new Promise<Closed>((resolve) => {
    const end = (how: Closed) => {
      refused(new Error(`no websocket: ${JSON.stringify(how)} ${data.toString("latin1").slice(0, 200)}`));
      resolve(how);
    };
    socket.on("error", (error: NodeJS.ErrnoException) => end({ error: error.code ?? error.message }));
    socket.on("close", () => end({ error: "closed without a close frame" }));
    socket.on("data", (more) => {
      data = Buffer.concat([data, more]);
      if (!upgraded) {
        const at = data.indexOf("\r\n\r\n");
        if (at < 0 || !data.toString("latin1").startsWith("HTTP/1.1 101")) return;
        upgraded = true;
        data = data.subarray(at + 4);
        opened();
      }
      for (let frame = read(data); frame; frame = read(data)) {
        data = data.subarray(frame.size);
        if (frame.kind === 1) hear(frame.payload.toString());
        if (frame.kind === 9) write(socket, 10, frame.payload);
        if (frame.kind === 8) {
          resolve({ code: frame.payload.length > 1 ? frame.payload.readUInt16BE() : 1005 });
          write(socket, 8, frame.payload);
        }
      }
    });
  });
  await open;
  return {
    closed,
    ask(text) {
      const answer = new Promise<string>((resolve) => {
        hear = resolve;
      });
      write(socket, 1, Buffer.from(text));
      return answer;
    },
    leave: () => socket.destroy(),
  };
}

function read(data: Buffer): { kind: number; payload: Buffer; size: number } | null {
  if (data.length < 2) return null;
  const length = data[1]! & 127; // the tests' texts are short
  if (data.length < 2 + length) return null;
  return { kind: data[0]! & 15, payload: data.subarray(2, 2 + length), size: 2 + length };
}

function write(socket: Socket, kind: number, payload: Buffer): void {
  // A client masks what it sends; with zeros it stays what it is.
  if (socket.writable)
    socket.write(Buffer.concat([Buffer.from([128 | kind, 128 | payload.length, 0, 0, 0, 0]), payload]));
}
