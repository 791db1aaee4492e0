/** Application servers by the names of their packages. */
export type ServerKind = "gunicorn" | "uvicorn" | "hypercorn" | "daphne" | "uwsgi" | "waitress" | "granian";

/** Whose systemd runs it: the host's, which root steers, or the user's own, which needs no root. */
export type Scope = "system" | "user";

export type Slot = "blue" | "green";
export const slots: readonly Slot[] = ["blue", "green"];

/** What a manager can start: the slots, and on a port the private boot. Their order is that of supervisord's numbers. */
export type Place = Slot | "probe";
export const places: readonly Place[] = ["blue", "green", "probe"];

/**
 * How the deploy user steers the two slots: exact commands, `{slot}` stands for the slot's name, `{number}` for its
 * place in `places`. Written by `setup` into owner.json, so that nothing on the host has to be guessed later.
 */
export interface ManagerWiring extends ServiceWiring {
  kind: "systemd" | "supervisord";
  /** Absent = `system`. */
  scope?: "user";
  /** What it can start; absent: the two slots. Empty where no web server runs. */
  places?: readonly Place[];
}

/** The exact commands that steer one service. */
export interface ServiceWiring {
  start: string[];
  stop: string[];
  /** Clears a start limit; null where there is none. */
  reset: string[] | null;
  /** Prints the state: `systemctl show -p …` or what `supervisorctl status` prints. */
  status: string[];
  /** Prints the last lines of its own log. */
  log: string[];
}

/**
 * Who owns what on a host (docs/release.md). 1: everything belongs to the user that deploys, the record in `.djdeploy`
 * too; so it stays with `scope: user`. 2: the folder and what lies directly in it is root's to give. 3: besides, one user
 * deploys and another runs it.
 */
export const rootedLayout = 3;

/** owner.json: whose folder this is and how it is wired. Root's, in the application's folder; with `scope: user` in `.djdeploy`. */
export interface Owner {
  /** Of the layout. */
  version: 1 | 2 | typeof rootedLayout;
  app: string;
  environment: string;
  /** Normalised address of the repository, null where it has no remote. */
  repository: string | null;
  /** The user that it runs as. */
  user: string;
  /** The user that deploys it, where that is another one. */
  deployer?: string;
  /** The program by which that one starts something as `user`. */
  as?: string;
  manager: ManagerWiring;
  /** The other processes by name; absent where an older setup wrote it. */
  processes?: Record<string, ServiceWiring>;
  /** What setup wired the slots for (doorText); absent = `link`. */
  door?: string;
  /** Absolute path of uv, null unless `setup` installed it. */
  uv: string | null;
  /** The paths below which nginx serves the project's files, null = none. Missing: those of Django's tutorial. */
  urls?: { staticUrl: string | null; mediaUrl: string | null };
  /** Hash of what setup would write now; a difference means "run setup again". */
  setup: string;
}
