import { servers } from "../../services/servers/index.ts";
import type { ServerKind } from "../../services/types.ts";
import type { Detected, Project } from "../types.ts";
import type { Applications } from "./application.ts";

const kinds = Object.keys(servers) as ServerKind[];

/** The application server and the interface it should serve. */
export function detectServer(
  configured: "auto" | ServerKind,
  packages: Record<string, string | null>,
  found: Applications,
): { server: Detected<ServerKind>; wanted: Project["interface"] } {
  if (configured !== "auto")
    return {
      server: { value: configured, evidence: "given by server.kind in djdeploy.yml" },
      wanted: interfaceOf(configured, found),
    };
  const present = kinds.filter((kind) => servers[kind].packages.some((name) => name in packages));
  // A project with channels needs its websockets: an ASGI server among its requirements comes first.
  const asgi =
    "channels" in packages && found.asgi
      ? present.find((kind) => servers[kind].speaks[0] === "asgi")
      : undefined;
  const chosen = asgi ?? present[0];
  if (!chosen)
    return {
      server: { value: "gunicorn", evidence: "a default: the requirements name no application server" },
      wanted: interfaceOf("gunicorn", found),
    };
  return {
    server: {
      value: chosen,
      evidence: `detected from the requirements: ${servers[chosen].packages.find((n) => n in packages)}`,
    },
    wanted: interfaceOf(chosen, found),
  };
}

/** The server alone, where it does not matter which interface the project offers. */
export function serverOf(
  configured: "auto" | ServerKind,
  packages: Record<string, string | null>,
): ServerKind {
  if (configured !== "auto") return configured;
  return kinds.find((kind) => servers[kind].packages.some((name) => name in packages)) ?? "gunicorn";
}

/** The first interface of the server for which the project has an application. */
function interfaceOf(kind: ServerKind, found: Applications): Project["interface"] {
  const { speaks } = servers[kind];
  return speaks.find((one) => found[one] !== null) ?? speaks[0]!;
}
