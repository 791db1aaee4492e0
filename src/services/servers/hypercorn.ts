import type { Listen, Server } from "./types.ts";
import { seconds } from "./words.ts";

const bind: Record<Listen, string[]> = {
  // Its umask is for the socket only: nginx is another user, and the folder keeps out everybody else.
  socket: ["--bind", "unix:{socket}", "--umask", "0"],
  descriptor: ["--bind", "fd://{fd}"],
  address: ["--bind", "{address}"],
};

/**
 * Its main process ends all workers as soon as the first of them has finished its own requests (0.18): what the others
 * were answering is cut.
 */
export const hypercorn: Server = {
  packages: ["hypercorn"],
  pinned: "hypercorn==0.18.0",
  speaks: ["asgi", "wsgi"],
  takesSocket: true,
  finishes: false,
  patience: "--graceful-timeout",
  command: (on, options) => [
    ...["{python}", "-m", "hypercorn"],
    ...bind[on],
    ...["--workers", String(options.workers)],
    ...["--graceful-timeout", seconds(options.stopTimeoutMs)],
    ...["--access-logfile", "-"],
    ...options.args,
    `${options.interface}:${options.application}`,
  ],
};
