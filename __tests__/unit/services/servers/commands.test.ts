import { expect, test } from "vitest";
import type { Door } from "../../../../src/services/door.ts";
import { guaranteeOf } from "../../../../src/services/guarantee.ts";
import { commands, servers, stopLimit } from "../../../../src/services/servers/index.ts";
import type { ServerKind } from "../../../../src/services/types.ts";

const kinds = Object.keys(servers) as ServerKind[];
const options = {
  interface: "asgi" as const,
  workers: 3,
  application: "djd_app:application",
  args: ["--mine", "1"],
  stopTimeoutMs: 60_000,
  packages: {},
};
const line = (kind: ServerKind, on: "socket" | "descriptor" | "address") => {
  const speaks = servers[kind].speaks.includes("asgi") ? "asgi" : "wsgi";
  return commands(kind, { ...options, interface: speaks })[on]?.join(" ") ?? null;
};

test("how each server is started on its private socket", () => {
  expect(Object.fromEntries(kinds.map((kind) => [kind, line(kind, "socket")]))).toMatchInlineSnapshot(`
    {
      "daphne": "{python} -m daphne --unix-socket {socket} --proxy-headers --mine 1 djd_app:application",
      "granian": "{python} -m granian --uds {socket} --uds-permissions 0o666 --interface asgi --workers 3 --workers-kill-timeout 60 --access-log --mine 1 djd_app:application",
      "gunicorn": "{python} -m gunicorn --bind unix:{socket} --workers 3 --worker-class asgi --worker-tmp-dir /dev/shm --graceful-timeout 60 --access-logfile - --no-control-socket --mine 1 djd_app:application",
      "hypercorn": "{python} -m hypercorn --bind unix:{socket} --umask 0 --workers 3 --graceful-timeout 60 --access-logfile - --mine 1 asgi:djd_app:application",
      "uvicorn": "{python} -m uvicorn --uds {socket} --forwarded-allow-ips * --workers 3 --timeout-graceful-shutdown 60 --mine 1 djd_app:application",
      "uwsgi": "{bin}/uwsgi --http-socket {socket} --chmod-socket=666 --virtualenv {venv} --module djd_app:application --master --processes 3 --need-app --enable-threads --buffer-size 16384 --hook-master-start unix_signal:15 gracefully_kill_them_all --worker-reload-mercy 60 --mine 1",
      "waitress": "{python} -m waitress --unix-socket={socket} --unix-socket-perms=666 --no-clear-untrusted-proxy-headers --threads=3 --mine 1 djd_app:application",
    }
  `);
});

test.each(kinds)(
  "%s: the same command but for what it listens on, and the user's arguments in it",
  (kind) => {
    for (const on of ["socket", "descriptor", "address"] as const) {
      const words = line(kind, on);
      if (words === null) continue;
      expect(words).toContain(" --mine 1");
      expect(words).toContain({ socket: "{socket}", descriptor: "{fd}", address: "{" }[on]);
      expect(words).toContain("djd_app:application");
    }
  },
);

test("only a server that takes a socket can be handed one", () => {
  for (const kind of kinds) expect(line(kind, "descriptor") !== null, kind).toBe(servers[kind].takesSocket);
});

test("no server costs a request behind nginx or on a handed port; on one it opens itself each does", () => {
  const at = { host: "0.0.0.0", port: 8000 };
  for (const kind of kinds) {
    const lost = (door: Door) => guaranteeOf(door, "systemd", servers[kind]).lost;
    expect(lost({ kind: "link" })).toBe("none");
    expect(lost({ kind: "port", ...at })).toBe("none");
    expect(lost({ kind: "restart", ...at })).toContain("connections are refused");
  }
});

test("how long a server finishes what it answers, in seconds", () => {
  const limits = kinds.map((kind) => [
    kind,
    stopLimit(kind, commands(kind, { ...options, args: [] }).socket),
  ]);
  expect(Object.fromEntries(limits)).toEqual({
    ...{ gunicorn: 60, uvicorn: 60, granian: 60, uwsgi: 60 },
    ...{ hypercorn: null, daphne: null, waitress: null }, // they do not
  });
  const own = (...args: string[]) => stopLimit("gunicorn", commands("gunicorn", { ...options, args }).socket);
  expect(own("--graceful-timeout", "5")).toBe(5);
  expect(own("--graceful-timeout=7")).toBe(7);
  // An Uvicorn that does not know the option waits for ever; the manager ends it.
  const old = { ...options, args: [], packages: { uvicorn: "0.20.0" } };
  expect(stopLimit("uvicorn", commands("uvicorn", old).socket)).toBeNull();
});
