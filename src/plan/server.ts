import type { Config } from "../config/types.ts";
import { usageError } from "../errors.ts";
import type { Project } from "../project/types.ts";
import { doorOf } from "../services/door.ts";
import { type Guarantee, guaranteeOf, keeperOf } from "../services/guarantee.ts";
import { type Server, servers } from "../services/servers/index.ts";

type Served = Pick<Project, "server" | "interface" | "application">;

/** The server that the project is served with. Exit 2 where it can not do what `server.listen` asks for. */
export function serverOf(config: Config, project: Served): Server {
  const { value: kind, evidence } = project.server;
  const server = servers[kind];
  if (!server.speaks.includes(project.interface))
    throw usageError("server.interface", `${kind} does not serve ${project.interface.toUpperCase()}`, {
      expected: `${/^[aeiou]/.test(server.speaks[0] ?? "") ? "an" : "a"} ${server.speaks.join(" or ").toUpperCase()} application`,
      seen: `${project.application.value} (${project.application.evidence})`,
      hint: "name another server (server.kind), or the application it is to serve (django.application)",
    });
  if (doorOf(config.server).kind === "port" && !server.takesSocket)
    throw usageError("server.takes-no-socket", `${kind} can not be handed the socket of a port`, {
      expected: "a server that two releases can share a port with (gunicorn, uvicorn, uwsgi)",
      seen: `${kind} (${evidence})`,
      hint: "behind nginx (listen: socket) it loses no request; on a port of its own set server.strategy: restart, which refuses visitors while it starts",
    });
  return server;
}

/**
 * Migrations run while the live release serves, and are not judged yet: what one removes, a page may still ask for. So
 * nothing is promised of requests where some are pending; null: which are is not known.
 */
export function withMigrations(guarantee: Guarantee, pending: number | null): Guarantee {
  if (pending === 0 || guarantee.lost === "none are served") return guarantee;
  const what =
    pending === null
      ? "which migrations are pending was not found out"
      : `${pending} ${pending === 1 ? "migration is" : "migrations are"} pending`;
  const why = `${what}, and whether the live release works on the new schema is not judged yet: what asks for a removed or renamed column answers 500 until the switch`;
  const lost =
    guarantee.lost === "none"
      ? `not known: ${why}`
      : `${guarantee.lost}; of the rest nothing is known: ${why}`;
  return { ...guarantee, lost, open: true };
}

/** What `plan` promises. */
export function guaranteeFor(config: Config, project: Served): Guarantee {
  const server = config.hosts.some(({ roles }) => roles.includes("web")) ? config.server : null;
  return guaranteeOf(
    server ? doorOf(server) : { kind: "none" },
    keeperOf(config.server),
    serverOf(config, project),
  );
}
