/** What a server can listen on: its own unix socket, a socket that is handed to it, an address that it opens itself. */
export type Listen = "socket" | "descriptor" | "address";

/**
 * A command line, complete. The launcher of the release fills in `{python}`, `{venv}` and `{bin}` of its virtual environment,
 * `{socket}`, `{fd}`, `{address}` (and its `{host}` and `{port}`).
 */
export type Command = string[];

export interface ServerOptions {
  interface: "wsgi" | "asgi";
  workers: number;
  /** What is served: `djd_app:application`. */
  application: string;
  /** `server.args`; they come after ours, so that they win. */
  args: string[];
  stopTimeoutMs: number;
  /** Lower-case names of the packages in the environment with their versions. */
  packages: Record<string, string | null>;
}

/** What we know of one application server. Everything else is the same for all: launcher, probe, proof. */
export interface Server {
  /** Names of the packages that bring it; the first one is installed where the requirements name none. */
  packages: readonly string[];
  /** Installed where it was asked for and the requirements lack it. */
  pinned: string;
  /** What it can serve, its first choice first. */
  speaks: readonly ("wsgi" | "asgi")[];
  /** One process, whatever `server.workers` says. */
  single?: true;
  /** Whether it serves on a socket that is handed to it, beside another release. */
  takesSocket: boolean;
  /** Whether requests in progress are finished when it is told to stop (TERM); else they are waited for before. */
  finishes: boolean;
  /** The option that says for how long, in seconds; null = there is none. */
  patience: string | null;
  /** null: it can not listen on that. */
  command(on: Listen, options: ServerOptions): Command | null;
}
