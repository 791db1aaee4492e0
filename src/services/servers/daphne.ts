import type { Listen, Server } from "./types.ts";

const bind: Record<Listen, string[]> = {
  socket: ["--unix-socket", "{socket}", "--proxy-headers"],
  descriptor: ["--fd", "{fd}"],
  address: ["--bind", "{host}", "--port", "{port}"],
};

/** One process. Told to stop, it cancels what it is answering. */
export const daphne: Server = {
  packages: ["daphne"],
  pinned: "daphne==4.2.3",
  speaks: ["asgi"],
  single: true,
  takesSocket: true,
  finishes: false,
  patience: null,
  command: (on, options) => [
    ...["{python}", "-m", "daphne"],
    ...bind[on],
    ...options.args,
    options.application,
  ],
};
