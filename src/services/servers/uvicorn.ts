import type { Listen, Server } from "./types.ts";
import { atLeast, seconds } from "./words.ts";

const bind: Record<Listen, string[]> = {
  // Only nginx reaches the socket of a slot, and what it says of the visitor is true.
  socket: ["--uds", "{socket}", "--forwarded-allow-ips", "*"],
  // Only Python's own loop can be told to leave new connections to another process (djd_quiet.py).
  descriptor: ["--fd", "{fd}", "--loop", "asyncio"],
  address: ["--host", "{host}", "--port", "{port}"],
};

export const uvicorn: Server = {
  packages: ["uvicorn"],
  pinned: "uvicorn==0.54.0",
  speaks: ["asgi"],
  takesSocket: true,
  finishes: true,
  patience: "--timeout-graceful-shutdown",
  command: (on, options) => [
    ...["{python}", "-m", "uvicorn"],
    ...bind[on],
    ...["--workers", String(options.workers)],
    ...(atLeast(options.packages["uvicorn"] ?? null, [0, 22])
      ? ["--timeout-graceful-shutdown", seconds(options.stopTimeoutMs)]
      : []),
    ...options.args,
    options.application,
  ],
};
