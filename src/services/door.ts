import { isIPv6 } from "node:net";

/** How visitors reach the live release, which decides how the next one takes over. */
export type Door =
  /** nginx opens `run/web.sock` for each connection: one rename moves the traffic. */
  | { kind: "link" }
  /** One listening socket, held by the manager and handed to both slots. */
  | { kind: "port"; host: string; port: number }
  /** The server opens the port itself: the old one must be gone before the new one can. */
  | { kind: "restart"; host: string; port: number }
  /** No web server runs on this host (its roles lack web). `run/web.sock` names what is live here too. */
  | { kind: "none" };

/** `server.listen` of a host without the role web (src/plan/roles.ts); nobody writes it. */
export const nowhere = "nowhere";

export const link: Door = { kind: "link" };

/** The door that `server.listen` and `server.strategy` describe. */
export function doorOf(server: { listen: string; strategy: string }): Door {
  if (server.listen === nowhere) return { kind: "none" };
  const at = /^\[?([^\]]+)\]?:(\d+)$/.exec(server.listen);
  if (!at) return link;
  return { kind: server.strategy === "restart" ? "restart" : "port", host: at[1]!, port: Number(at[2]) };
}

/** `127.0.0.1:8000`, `[::1]:8000`. */
export function addressOf({ host, port }: { host: string; port: number }): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** The door in a word, as owner.json keeps it: `link`, `none`, `port 127.0.0.1:8000`. */
export function doorText(door: Door): string {
  return "port" in door ? `${door.kind} ${addressOf(door)}` : door.kind;
}
