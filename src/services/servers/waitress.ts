import type { Server } from "./types.ts";

/** One process with threads; `server.workers` is their number. TERM ends it at once. */
export const waitress: Server = {
  packages: ["waitress"],
  pinned: "waitress==3.0.2",
  speaks: ["wsgi"],
  single: true,
  takesSocket: false,
  finishes: false,
  patience: null,
  command(on, options) {
    if (on === "descriptor") return null;
    return [
      ...["{python}", "-m", "waitress"],
      // Else it takes X-Forwarded-* away, and Django believes that every visitor came over http.
      ...(on === "socket"
        ? ["--unix-socket={socket}", "--unix-socket-perms=666", "--no-clear-untrusted-proxy-headers"]
        : ["--listen={address}"]),
      `--threads=${options.workers}`,
      ...options.args,
      options.application,
    ];
  },
};
