import type { Listen, Server } from "./types.ts";
import { seconds } from "./words.ts";

const bind: Record<Listen, string[]> = {
  socket: ["--http-socket", "{socket}", "--chmod-socket=666"],
  descriptor: ["--http-socket", "fd://{fd}"],
  address: ["--http-socket", "{address}"],
};

/** Left to itself it reloads on TERM; the hook makes it finish what it answers, and end. */
const endOnTerm = ["--hook-master-start", "unix_signal:15 gracefully_kill_them_all"];

/** `pyuwsgi` is the same as a wheel, for hosts without a compiler. */
export const uwsgi: Server = {
  packages: ["uwsgi", "pyuwsgi"],
  pinned: "pyuwsgi==2.0.30.post1",
  speaks: ["wsgi"],
  takesSocket: true,
  finishes: true,
  patience: "--worker-reload-mercy",
  command: (on, options) => [
    "{bin}/uwsgi",
    ...bind[on],
    ...["--virtualenv", "{venv}", "--module", options.application],
    ...["--master", "--processes", String(options.workers)],
    ...["--need-app", "--enable-threads", "--buffer-size", "16384"],
    ...endOnTerm,
    ...["--worker-reload-mercy", seconds(options.stopTimeoutMs)],
    ...options.args,
  ],
};
