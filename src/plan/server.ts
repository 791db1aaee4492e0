import type { Config } from "../config/types.ts";
import { usageError } from "../errors.ts";
import type { Project } from "../project/types.ts";
import { doorOf } from "../services/door.ts";
import { type Guarantee, guaranteeOf } from "../services/guarantee.ts";
import { type Server, servers } from "../services/servers/index.ts";

/** The server that the project is served with. Exit 2 where it can not do what `server.listen` asks for. */
export function serverOf(config: Config, project: Pick<Project, "server">): Server {
  const { value: kind, evidence } = project.server;
  const server = servers[kind];
  if (!server)
    throw usageError("server.not-supported", `${kind} is not yet supported (${evidence})`, {
      expected: Object.keys(servers).join(", "),
      hint: "add one of them to the requirements, or name it: server: {kind: …}",
    });
  if (doorOf(config.server).kind === "port" && !server.takesSocket)
    throw usageError("server.takes-no-socket", `${kind} can not be handed the socket of a port`, {
      expected: "a server that two releases can share a port with (gunicorn, uvicorn, hypercorn)",
      seen: `${kind} (${evidence})`,
      hint: "behind nginx (listen: socket) it loses no request; on a port of its own set server.strategy: restart, which refuses visitors while it starts",
    });
  return server;
}

/** What `plan` promises. */
export function guaranteeFor(config: Config, project: Pick<Project, "server">): Guarantee {
  return guaranteeOf(doorOf(config.server), config.server.manager, serverOf(config, project));
}
