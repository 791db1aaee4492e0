export interface GunicornOptions {
  interface: "wsgi" | "asgi";
  workers: number;
  /** The release's own socket. */
  socket: string;
  /** What is served: `djdeploy_wsgi:application`. */
  application: string;
  /** `server.args`; they come after ours, so that they win. */
  args: string[];
  stopTimeoutMs: number;
  /** Lower-case names of the packages in the environment with their versions. */
  packages: Record<string, string | null>;
}

/**
 * What follows the release's interpreter to start Gunicorn on its own socket.
 *
 * Since 25.1 every Gunicorn of a user shares one control socket by default: a second master takes it over, and the
 * first deletes it when it stops. It is switched off. Older ones do not know the option.
 */
export function gunicornCommand(options: GunicornOptions): string[] {
  const worker = options.interface === "asgi" ? ["--worker-class", asgiWorker(options.packages)] : [];
  return [
    "-m",
    "gunicorn",
    "--bind",
    `unix:${options.socket}`,
    "--workers",
    String(options.workers),
    ...worker,
    // The heartbeat file: on a disk its fchmod may block a worker.
    "--worker-tmp-dir",
    "/dev/shm",
    "--graceful-timeout",
    String(Math.ceil(options.stopTimeoutMs / 1000)),
    "--access-logfile",
    "-",
    ...(atLeast(options.packages.gunicorn ?? null, [25, 1]) ? ["--no-control-socket"] : []),
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

/** An unknown version counts as new: what is not pinned is installed in its newest form. */
function atLeast(version: string | null, [major, minor]: [number, number]): boolean {
  const seen = version?.match(/^(\d+)(?:\.(\d+))?/);
  if (!seen) return true;
  const seenMajor = Number(seen[1]);
  return seenMajor > major || (seenMajor === major && Number(seen[2] ?? 0) >= minor);
}

/** What a Django worker may be expected to take, in MiB: half of the memory is left for the rest of the host. */
const workerMemoryMb = 128;

/**
 * `workers: auto`: 2 × cores + 1, less where memory is short (both slots run for a moment, so a worker counts twice).
 * The reason is shown to the user.
 */
export function defaultWorkers(cores: number, memoryMb: number): { workers: number; reason: string } {
  const wanted = 2 * cores + 1;
  const fitting = Math.max(2, Math.floor(memoryMb / 2 / (2 * workerMemoryMb)));
  const rule = `2 × ${cores} ${cores === 1 ? "core" : "cores"} + 1`;
  if (fitting >= wanted) return { workers: wanted, reason: rule };
  return { workers: fitting, reason: `${rule} = ${wanted}, less because the host has only ${memoryMb} MiB` };
}
