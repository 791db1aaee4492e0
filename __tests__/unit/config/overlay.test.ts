import { expect, test } from "vitest";
import { judge } from "../../../src/config/judge.ts";
import { toConfig } from "../../../src/config/resolve.ts";
import type { Config } from "../../../src/config/types.ts";

/** The only environment of a file, resolved. */
function config(top: string, environment: string): Config {
  const hosts = environment.startsWith("hosts:") ? "" : "    hosts: [web1]\n";
  const text = `app: counter\n${top}\nenvironments:\n  production:\n${hosts}${environment.replace(/^(?=.)/gm, "    ")}`;
  const { problems, environments } = judge(text);
  expect(problems).toEqual([]);
  return toConfig("/site/djdeploy.yml", "production", environments.get("production")!);
}

test("maps merge, lists and scalars replace", () => {
  const { env, packages, server } = config(
    "env: {secrets: [A], vars: {B: top, C: top}}\npackages: [git]\nserver: {workers: 2, args: [--preload]}",
    "env: {vars: {C: below}}\npackages: [gettext]\nserver: {workers: 4}",
  );
  expect(env).toEqual({ secrets: ["A"], vars: { B: "top", C: "below" } });
  expect(packages).toEqual(["gettext"]);
  expect(server).toMatchObject({ workers: 4, args: ["--preload"] });
});

test("null means the default, for a key and for a whole section", () => {
  const { health, server, app } = config(
    "health: {path: /up/, successes: 5}\nserver: {workers: 2}",
    "health: {path: null}\nserver: null",
  );
  expect(health).toMatchObject({ path: "/", successes: 5 });
  expect(server).toMatchObject({ workers: "auto", user: app });
});

test("null takes an entry out of a map of one's own names", () => {
  const { env, lint } = config(
    "env: {vars: {A: a, B: b}}\nlint: {ignore: {security.W008: nginx redirects}}",
    "env: {vars: {A: null}}\nlint: {ignore: {security.W008: null}}",
  );
  expect(env.vars).toEqual({ B: "b" });
  expect(lint.ignore).toEqual({});
});

test("a map that the top level begins may be completed below", () => {
  const text =
    "app: counter\nprocesses: {beat: {command: x}}\nenvironments:\n  production:\n    hosts: [web1]\n    processes: {beat: {roles: [jobs]}}\n";
  const { environments } = judge(text);
  expect(environments.get("production")?.processes).toMatchObject({
    beat: { command: "x", roles: ["jobs"] },
  });
});

test("an environment may have an app, and with it a folder and user, of its own", () => {
  expect(config("", "app: counter-staging")).toMatchObject({
    app: "counter-staging",
    server: { user: "counter-staging" },
    release: { path: "/srv/counter-staging" },
  });
});

test("anchors and merge keys", () => {
  const { environments, problems } = judge(
    "app: counter\nenvironments:\n  production: &p\n    hosts: [web1]\n    server: {workers: 3}\n  staging:\n    <<: *p\n    app: staging\n",
  );
  expect(problems).toEqual([]);
  expect(environments.get("staging")).toMatchObject({
    app: "staging",
    hosts: ["web1"],
    server: { workers: 3 },
  });
});

test("a mistake that was merged in is told where it is written", () => {
  const { problems } = judge(
    "app: counter\nenvironments:\n  production: &p\n    hosts: [web1]\n    ngnix: none\n  staging: {<<: *p, app: b}\n",
  );
  expect(problems).toMatchObject([
    { at: { line: 5, column: 5 }, message: 'unknown key "ngnix"; did you mean "nginx"?' },
  ]);
});

test("variables and arguments are text as they are written", () => {
  const {
    env,
    server,
    test: tests,
  } = config(
    "env: {vars: {PORT: 8000, DEBUG: false, VERSION: 1.10, MODE: 0o644}}\nserver: {args: [--timeout, 60]}\ntest: {env: {CI: true}}",
    "env: {vars: {LATE: 1e3}}",
  );
  expect(env.vars).toEqual({ PORT: "8000", DEBUG: "false", VERSION: "1.10", MODE: "0o644", LATE: "1e3" });
  expect(server.args).toEqual(["--timeout", "60"]);
  expect(tests.env).toEqual({ CI: "true" });
});

test("hosts in all their forms", () => {
  const { hosts } = config("", "hosts: [web1.example.com]");
  expect(hosts).toEqual([
    { name: "web1.example.com", host: "web1.example.com", user: null, port: null, roles: ["web"] },
  ]);
  const form = (host: string) => config("", `hosts: ['${host}']`).hosts[0];
  expect(form("me@10.0.0.1:2222")).toMatchObject({
    name: "10.0.0.1",
    host: "10.0.0.1",
    user: "me",
    port: 2222,
  });
  expect(form("[::1]:22")).toMatchObject({ name: "::1", host: "::1", user: null, port: 22 });
  expect(form("me@[2001:db8::1]")).toMatchObject({ host: "2001:db8::1", user: "me", port: null });
  expect(form("2001:db8::1")).toMatchObject({ host: "2001:db8::1", port: null });
  const [mapped] = config("", "hosts: [{host: web1, port: 22, user: me}]").hosts;
  expect(mapped).toEqual({ name: "web1", host: "web1", user: "me", port: 22, roles: ["web"] });
});

test("paths and shared paths are tidied", () => {
  const { root, shared, release, build } = config(
    "root: ./backend/\nbuild: {include: [./a//b/]}\nrelease: {path: /opt//counter/}\nshared: [media, ./logs/, {path: up/, target: /data/up}]",
    "",
  );
  expect(root).toBe("backend");
  expect(build.include).toEqual(["a/b"]);
  expect(release.path).toBe("/opt/counter");
  expect(shared).toEqual([
    { path: "media", directory: false, target: null },
    { path: "logs", directory: true, target: null },
    { path: "up", directory: true, target: "/data/up" },
  ]);
});

test("domains default to the host of url", () => {
  expect(config("", "url: https://www.example.com:8443/").domains).toEqual(["www.example.com"]);
  expect(config("", "url: https://www.example.com\ndomains: [example.com, www.example.com]").domains).toEqual(
    ["example.com", "www.example.com"],
  );
});

test("pins as a block of lines", () => {
  const line = "web1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ";
  expect(config("", `known-hosts: |\n  # web1:22\n  ${line}\n  ${line}\n`).knownHosts).toEqual([line, line]);
});
