import type { Listen, Server, ServerOptions } from "./types.ts";
import { atLeast, seconds } from "./words.ts";

const bind: Record<Listen, string> = {
  socket: "unix:{socket}",
  descriptor: "fd://{fd}",
  address: "{address}",
};

export const gunicorn: Server = {
  packages: ["gunicorn"],
  pinned: "gunicorn==27.0.1",
  speaks: ["wsgi", "asgi"],
  takesSocket: true,
  finishes: true,
  patience: "--graceful-timeout",
  command: (on, options) => ["{python}", "-m", "gunicorn", "--bind", bind[on], ...rest(options)],
};

/**
 * Since 25.1 every Gunicorn of a user shares one control socket by default: a second master takes it over, and the
 * first deletes it when it stops. It is switched off. Older ones do not know the option.
 */
function rest(options: ServerOptions): string[] {
  const worker = options.interface === "asgi" ? ["--worker-class", asgiWorker(options.packages)] : [];
  return [
    "--workers",
    String(options.workers),
    ...worker,
    // The heartbeat file: on a disk its fchmod may block a worker.
    "--worker-tmp-dir",
    "/dev/shm",
    "--graceful-timeout",
    seconds(options.stopTimeoutMs),
    "--access-logfile",
    "-",
    ...(atLeast(options.packages["gunicorn"] ?? null, [25, 1]) ? ["--no-control-socket"] : []),
    ...options.args,
    options.application,
  ];
}

/** Uvicorn's worker moved to a package of its own; Gunicorn has had one since 24. */
function asgiWorker(packages: Record<string, string | null>): string {
  if ("uvicorn-worker" in packages) return "uvicorn_worker.UvicornWorker";
  if ("uvicorn" in packages) return "uvicorn.workers.UvicornWorker";
  return "asgi";
}
