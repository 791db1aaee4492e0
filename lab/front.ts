import http from "node:http";
import type { AddressInfo } from "node:net";

export interface Front {
  port: number;
  stop(): Promise<void>;
}

/**
 * A small front door on loopback: passes each request to a unix socket, whose path it opens anew each time, as nginx
 * does. What nobody answers is 502.
 */
export async function startFront(socketPath: string, port = 0): Promise<Front> {
  const server = http.createServer((request, response) => {
    const headers = {
      ...request.headers,
      "x-forwarded-proto": "http",
      "x-forwarded-for": request.socket.remoteAddress ?? "",
      connection: "close",
    };
    const onward = http.request(
      { socketPath, path: request.url, method: request.method, headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { "content-type": "text/plain" }).end("502: nothing answers\n");
    });
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
