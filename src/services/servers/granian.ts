import type { Server } from "./types.ts";
import { seconds } from "./words.ts";

/** It can not be handed a listening socket. */
export const granian: Server = {
  packages: ["granian"],
  pinned: "granian==2.8.7",
  speaks: ["wsgi", "asgi"],
  takesSocket: false,
  finishes: true,
  patience: "--workers-kill-timeout",
  command(on, options) {
    if (on === "descriptor") return null;
    return [
      ...["{python}", "-m", "granian"],
      ...(on === "socket"
        ? ["--uds", "{socket}", "--uds-permissions", "0o666"]
        : ["--host", "{host}", "--port", "{port}"]),
      ...["--interface", options.interface],
      ...["--workers", String(options.workers)],
      ...["--workers-kill-timeout", seconds(options.stopTimeoutMs)],
      "--access-log",
      ...options.args,
      options.application,
    ];
  },
};
