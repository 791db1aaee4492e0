import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type DelayedLine = {
  port: number;
  /** From now on; 0 passes bytes on at once. */
  setDelay(ms: number): void;
  /** What went over the line so far, without the headers of TCP and IP. `sent` went to the host. */
  seen(): Traffic;
  close(): Promise<void>;
};

export type Traffic = { sent: number; received: number; connections: number };

/**
 * A TCP line on loopback (or on `listen`) to `host:port` on which every byte arrives `delayMs` later, in both
 * directions: a round trip takes twice that more. Bandwidth is not limited. It counts what goes over it.
 */
export async function startDelay(line: {
  host: string;
  port: number;
  delayMs: number;
  listen?: string;
}): Promise<DelayedLine> {
  const open = new Set<Socket>();
  const traffic: Traffic = { sent: 0, received: 0, connections: 0 };
  let delayMs = line.delayMs;
  const later = (act: () => void) => void (delayMs > 0 ? setTimeout(act, delayMs) : act());
  const server = createServer({ allowHalfOpen: true }, (near) => {
    traffic.connections++;
    const far = connect({ host: line.host, port: line.port, allowHalfOpen: true });
    for (const [from, to, way] of [
      [near, far, "sent"],
      [far, near, "received"],
    ] as const) {
      open.add(from);
      // Timers of one length fire in the order they were set, so bytes stay in order and the end comes last.
      from.on("data", (bytes) => {
        traffic[way] += bytes.length;
        later(() => to.writable && to.write(bytes));
      });
      from.on("end", () => later(() => to.end()));
      from.on("error", () => to.destroy());
      from.on("close", () => open.delete(from));
      from.setNoDelay(true);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, line.listen ?? "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    setDelay(ms) {
      delayMs = ms;
    },
    seen: () => ({ ...traffic }),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
