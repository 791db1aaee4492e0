import { doorOf } from "../services/door.ts";
import { deployUser } from "../services/identities.ts";
import type { Conflict } from "./doors.ts";
import { toHost } from "./resolve.ts";
import type { Settings } from "./schema/index.ts";

/**
 * What `server.scope: user` excludes: everything that only root could do. And what `system` excludes: that the user whom the
 * application runs as could log in and change what is deployed.
 */
export function scopeProblems(s: Settings): Conflict[] {
  if (s.server.scope !== "user") return oneUser(s);
  const problems: Conflict[] = [];
  if (s.server.manager === "supervisord")
    problems.push({
      path: ["server", "scope"],
      message: "supervisord belongs to root on Debian and Ubuntu, there is none of a user's own",
      hint: "leave server.manager at systemd, which has a manager for each user; or server.scope at system",
    });
  if (s.nginx === "manage")
    problems.push({
      path: ["server", "scope"],
      message: "nginx: manage writes nginx's site, and only root may",
      hint: "set nginx: print for this environment: setup shows the site for root to place once; or nginx: none, with server.listen on a port of your own",
    });
  const door = doorOf(s.server);
  if ("port" in door && door.port < 1024)
    problems.push({
      path: ["server", "listen"],
      message: `only root may open port ${door.port}: with scope: user it must be above 1023`,
      hint: "take a port such as 8000, and let whoever has root lead visitors there",
    });
  const user = s.server.user ?? s.app;
  const other = s.hosts.findIndex((host) => (toHost(host).user ?? user) !== user);
  if (other >= 0)
    problems.push({
      path: ["hosts", other],
      message: `scope: user runs the application as who comes in, and server.user is ${user}`,
      hint: `set server: {user: ${toHost(s.hosts[other]!).user}}`,
    });
  return problems;
}

function oneUser(s: Settings): Conflict[] {
  const user = s.server.user ?? s.app;
  return s.hosts.flatMap((host, index) =>
    toHost(host).user === user
      ? [
          {
            path: ["hosts", index],
            message: `${user} is the user that the application runs as (server.user), and that one never deploys`,
            hint: `leave the user out: ${deployUser(user)} logs in, whom setup makes; or name another one`,
          },
        ]
      : [],
  );
}
