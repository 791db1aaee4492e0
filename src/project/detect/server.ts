import type { ServerKind } from "../../services/types.ts";
import type { Detected, Project } from "../types.ts";
import type { Applications } from "./application.ts";

/** In the order in which they are chosen when several are required. */
const servers: { kind: ServerKind; packages: string[]; speaks: Project["interface"][] }[] = [
  { kind: "gunicorn", packages: ["gunicorn"], speaks: ["wsgi", "asgi"] },
  { kind: "uvicorn", packages: ["uvicorn"], speaks: ["asgi"] },
  { kind: "hypercorn", packages: ["hypercorn"], speaks: ["asgi", "wsgi"] },
  { kind: "granian", packages: ["granian"], speaks: ["wsgi", "asgi"] },
  { kind: "daphne", packages: ["daphne"], speaks: ["asgi"] },
  { kind: "uwsgi", packages: ["uwsgi", "pyuwsgi"], speaks: ["wsgi"] },
  { kind: "waitress", packages: ["waitress"], speaks: ["wsgi"] },
];

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
  const present = servers.filter((one) => one.packages.some((name) => name in packages));
  // A project with channels needs its websockets: an ASGI server among its requirements comes first.
  const asgi =
    "channels" in packages && found.asgi ? present.find(({ speaks }) => speaks[0] === "asgi") : undefined;
  const chosen = asgi ?? present[0];
  if (!chosen)
    return {
      server: { value: "gunicorn", evidence: "a default: the requirements name no application server" },
      wanted: interfaceOf("gunicorn", found),
    };
  return {
    server: {
      value: chosen.kind,
      evidence: `detected from the requirements: ${chosen.packages.find((n) => n in packages)}`,
    },
    wanted: interfaceOf(chosen.kind, found),
  };
}

/** The server alone, where it does not matter which interface the project offers. */
export function serverOf(
  configured: "auto" | ServerKind,
  packages: Record<string, string | null>,
): ServerKind {
  if (configured !== "auto") return configured;
  return servers.find((one) => one.packages.some((name) => name in packages))?.kind ?? "gunicorn";
}

/** The first interface of the server for which the project has an application. */
function interfaceOf(kind: ServerKind, found: Applications): Project["interface"] {
  const { speaks } = servers.find((one) => one.kind === kind)!;
  return speaks.find((one) => found[one] !== null) ?? speaks[0]!;
}
