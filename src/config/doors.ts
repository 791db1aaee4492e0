import { doorOf } from "../services/door.ts";
import type { Path } from "./problems.ts";
import type { Settings } from "./schema/index.ts";

/** Two keys that exclude each other: the one to change, why, and how. */
export interface Conflict {
  path: Path;
  message: string;
  hint: string;
}

/** What `server.listen` and `server.strategy` exclude. */
export function doorProblems(s: Settings): Conflict[] {
  const door = doorOf(s.server);
  const behindNginx = "nginx needs none of it: leave strategy at blue-green, which loses no request there";
  if (door.kind === "link") {
    if (s.server.strategy !== "restart") return [];
    return [{ path: ["server", "strategy"], message: "restart is for a port", hint: behindNginx }];
  }
  const problems: Conflict[] = [];
  if (s.nginx !== "none")
    problems.push({
      path: ["server", "listen"],
      message: `nginx: ${s.nginx} stands in front of a socket, not of a port`,
      hint: "set nginx: none for this environment, or leave server.listen at socket",
    });
  if (door.kind === "restart" && door.port < 1024)
    problems.push({
      path: ["server", "listen"],
      message: "the server opens this port itself, and only root may open one below 1024",
      hint: "take a higher port, or strategy: blue-green, where the manager opens it",
    });
  return problems;
}
