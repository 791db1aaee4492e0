import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type DelayedLine = { port: number; close(): Promise<void> };

/**
 * A TCP line on loopback to `host:port` on which every byte arrives `delayMs` later, in both directions: a round
 * trip takes twice that more. Bandwidth is not limited.
 */
export async function startDelay(line: {
  host: string;
  port: number;
  delayMs: number;
}): Promise<DelayedLine> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: line.host, port: line.port, allowHalfOpen: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      // Timers of one length fire in the order they were set, so bytes stay in order and the end comes last.
      from.on("data", (bytes) => setTimeout(() => to.writable && to.write(bytes), line.delayMs));
      from.on("end", () => setTimeout(() => to.end(), line.delayMs));
      from.on("error", () => to.destroy());
      from.on("close", () => open.delete(from));
      from.setNoDelay(true);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
