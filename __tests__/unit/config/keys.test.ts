import { expect, test } from "vitest";
import { parse } from "yaml";
import { infoOf } from "../../../src/config/schema/fields.ts";
import { environmentKeys, environmentSchema, topKeys } from "../../../src/config/schema/index.ts";
import { shapeOf } from "../../../src/config/schema/walk.ts";

/** Every key with values it takes and values it refuses, as they stand in the file. */
const values: Record<string, { good: string[]; bad: string[] }> = {
  app: {
    good: ["counter", "a", "my-app2"],
    bad: ["Counter", "2fast", "a_b", "null", "[a]", `a${"b".repeat(31)}`],
  },
  root: { good: ["backend", ".", "src/site"], bad: ["/srv", "../up", "a/../b", "3"] },
  exclude: { good: ["[docs/, '*.psd']", "[]"], bad: ["docs/", "['']", "[1]"] },
  "django.settings": {
    good: ["tute.settings.prod"],
    bad: ["tute/settings.py", "tute..x", "'tute settings'"],
  },
  "django.application": { good: ["tute.wsgi:application"], bad: ["tute.wsgi", "tute.wsgi:app()"] },
  "python.version": {
    good: ["auto", "'>=3.12'", "'>=3.10,<3.14'", "==3.12.*"],
    bad: ["3.12", "'3.12'", "python3"],
  },
  "python.installer": { good: ["pip", "uv", "poetry"], bad: ["conda", "true"] },
  "python.requirements": { good: ["auto", "[a.txt, b/c.txt]"], bad: ["a.txt", "[/etc/a.txt]"] },
  "python.groups": { good: ["[prod]"], bad: ["prod"] },
  "python.extras": { good: ["[postgres]"], bad: ["{a: b}"] },
  "python.env": { good: ["[PIP_EXTRA_INDEX_URL]"], bad: ["[pip-url]", "[A=b]"] },
  "build.command": { good: ["npm ci && npm run build"], bad: ["[npm, ci]", "''", "false"] },
  "build.artifact": { good: ["build.tar", "out/build.tar"], bad: ["/tmp/build.tar", "../build.tar", "[a]"] },
  "build.directory": { good: ["frontend", "."], bad: ["/tmp", ".."] },
  "build.include": { good: ["[frontend/dist]"], bad: ["frontend/dist", "[../dist]"] },
  "lint.fail-level": { good: ["warning", "never"], bad: ["fatal", "0"] },
  "lint.assume": {
    good: ["{DEBUG: false, MIDDLEWARE: keeps a.B}", "{DATABASES: {default: {NAME: null}}}", "{}"],
    bad: ["{debug: false}", "[DEBUG]", "DEBUG"],
  },
  "lint.ignore": {
    good: ["{security.W008: nginx redirects}"],
    bad: ["[security.W008]", "{security.W008: ''}", "{W008: x}"],
  },
  "test.command": { good: ["auto", "pytest -q", "false"], bad: ["true", "[pytest]", "' '"] },
  "test.requirements": { good: ["auto", "[dev.txt]"], bad: ["dev.txt"] },
  "test.groups": { good: ["[dev]", "[]"], bad: ["dev"] },
  "test.settings": { good: ["tute.settings.test"], bad: ["tute settings"] },
  "test.env": { good: ["{A: '1'}", "{}"], bad: ["[A]", "{a-b: x}"] },
  "server.kind": { good: ["auto", "gunicorn", "granian"], bad: ["apache", "[gunicorn]"] },
  "server.workers": { good: ["auto", "1", "64"], bad: ["0", "-1", "1.5", "'2'", "many"] },
  "server.args": { good: ["[--timeout, '60']", "[]"], bad: ["--timeout 60"] },
  "server.manager": { good: ["systemd", "supervisord"], bad: ["supervisor"] },
  "server.scope": { good: ["system", "user"], bad: ["root"] },
  "server.strategy": { good: ["blue-green", "restart", "reload"], bad: ["rolling"] },
  "server.service": { good: ["gunicorn.service", "site@1"], bad: ["a b", "../x"] },
  "server.listen": {
    good: ["socket", "127.0.0.1:8000", "0.0.0.0:80", "'[::1]:80'"],
    bad: ["'8000'", "example.com:80", "127.0.0.1"],
  },
  "server.user": { good: ["www", "deploy-1"], bad: ["Www", "'-x'", "a b", "1"] },
  "server.stop-timeout": { good: ["60s", "300ms", "1.5m"], bad: ["60", "0s", "1 minute", "-5s", "48h"] },
  processes: {
    good: [
      "{worker: celery -A x worker}",
      "{beat: {command: x, singleton: true, stop-timeout: 30s, roles: [jobs]}}",
    ],
    bad: ["[worker]", "{Worker: x}", "{beat: {singleton: true}}", "{beat: ''}"],
  },
  "static.collect": { good: ["true", "false"], bad: ["yes", "1"] },
  "static.served-by": { good: ["auto", "whitenoise", "nginx", "storage"], bad: ["apache"] },
  shared: {
    good: ["[media, logs/]", "[{path: media, target: /home/me/media}]"],
    bad: [
      "media",
      "[/srv/x]",
      "[{path: media}]",
      "[{path: media, target: media}]",
      "[{path: m, target: /a/../b}]",
    ],
  },
  packages: { good: ["[libpq-dev, g++]"], bad: ["libpq-dev", "[LibPQ]", "['-y']", "['a b']"] },
  "env.secrets": { good: ["[SECRET_KEY]"], bad: ["SECRET_KEY", "[secret-key]", "[1A]"] },
  "env.vars": { good: ["{A: b, C: ''}"], bad: ["[A]", "{A: [b]}", "{a b: c}"] },
  "database.aliases": { good: ["auto", "[default, users]"], bad: ["default", "[1]"] },
  "database.backup": { good: ["before-migrate", "always", "never"], bad: ["false"] },
  "database.keep-backups": { good: ["1", "30"], bad: ["0", "all"] },
  "database.unsafe-migrations": { good: ["refuse", "allow", "maintenance"], bad: ["deny"] },
  "database.lock-timeout": { good: ["5s", "0s"], bad: ["5"] },
  "database.statement-timeout": { good: ["10m"], bad: ["never"] },
  "health.path": {
    good: ["/", "/health/?full=1"],
    bad: ["health", "'/a b'", "https://x/", "'/a#b'", "//x/a"],
  },
  "health.status": { good: ["auto", "[200, 302]"], bad: ["200", "[ok]", "[99]", "[200.5]"] },
  "health.host": { good: ["auto", "www.example.com"], bad: ["https://x", "'a b'"] },
  "health.scheme": { good: ["auto", "http", "https"], bad: ["ftp"] },
  "health.contains": { good: ["Welcome"], bad: ["[a]", "1"] },
  "health.request-timeout": { good: ["10s"], bad: ["0ms", "10"] },
  "health.deadline": { good: ["2m"], bad: ["2 m"] },
  "health.successes": { good: ["1"], bad: ["0"] },
  "drain.min": { good: ["0s", "300ms"], bad: ["0"] },
  "drain.max": { good: ["60s"], bad: ["1d"] },
  "release.path": {
    good: ["/srv/counter", "/home/me/site", "/var/www/site", "/opt/x/"],
    bad: [
      "/",
      "/srv",
      "/srv/",
      "//srv",
      "/home",
      "/home/me",
      "/etc/x",
      "/tmp",
      "/var/www",
      "srv/x",
      "/srv/../etc",
      "'/srv/a b'",
    ],
  },
  "release.keep": { good: ["1", "20"], bad: ["0"] },
  "release.hooks": {
    good: ["{after-switch: ./x}", "{on-failure: {run: ./x, on: one, timeout: 10s}}"],
    bad: ["{after: ./x}", "{after-switch: {on: one}}", "[./x]"],
  },
  url: {
    good: ["https://www.example.com", "http://1.2.3.4:8080/x"],
    bad: ["www.example.com", "ftp://x", "https://u:p@x", "https://x?y", "'https://*.example.com'"],
  },
  hosts: {
    good: [
      "[web1]",
      "[a@b:22, '[::1]:22', '2001:db8::1', u@1.2.3.4]",
      "[{host: a, port: 22, user: u, roles: [web]}]",
    ],
    bad: [
      "[]",
      "web1",
      "['-oProxyCommand=x']",
      "['-x@host']",
      "[a:b]",
      "[a:0]",
      "[a:70000]",
      "['[::1']",
      "['[a]:22']",
      "['a b']",
      "[{port: 22}]",
      "[{host: u@a}]",
    ],
  },
  "known-hosts": {
    good: [
      "[SHA256:uNiVztksCsDhcc0u9e8BrrJXVUDKpPD2zQqPvnNxJGQ]",
      "['web1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ']",
      "|\n# web1:22\nweb1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ\n",
    ],
    bad: ["[MD5:aa:bb]", "[web1]", "['SHA256:short']", "web1"],
  },
  "proxy-jump": { good: ["ops@bastion:22"], bad: ["a,b", "'-x'"] },
  "front.address": { good: ["127.0.0.1", "'::1'", "lb.internal"], bad: ["http://x"] },
  "front.port": { good: ["auto", "8080"], bad: ["0", "'80'"] },
  "front.scheme": { good: ["https"], bad: ["tls"] },
  "front.public": { good: ["warn", "required", "never"], bad: ["true"] },
  "front.trusted-proxies": { good: ["[10.0.0.0/8, '::1']"], bad: ["[lb]", "10.0.0.1"] },
  nginx: { good: ["manage", "print", "none"], bad: ["false"] },
  domains: { good: ["[example.com, '*.example.com']"], bad: ["[https://x]", "['a;b']"] },
  tls: {
    good: ["none", "external", "certbot", "{certificate: /a/b, key: /a/c}", "{certbot: {email: a@b.c}}"],
    bad: ["{certificate: /a/b}", "true", "{certbot: {email: x}}", "{certbot: {server: http://x}}"],
  },
  branches: { good: ["[main, release/*]"], bad: ["main"] },
  "require-protected": { good: ["warn", "true", "false"], bad: ["always"] },
  "require-checks.names": { good: ["[test]"], bad: ["test"] },
  "require-checks.wait": { good: ["15m"], bad: ["15"] },
  ancestry: { good: ["not-older", "any"], bad: ["newer"] },
  "rollout.canary": { good: ["0", "2"], bad: ["-1"] },
  "rollout.batch": { good: ["50%", "100%"], bad: ["50", "0%", "150%"] },
  "rollout.pause": { good: ["0s"], bad: ["0"] },
  "rollout.max-failures": { good: ["0"], bad: ["some"] },
};

function accepts(key: string, written: string): boolean {
  const [first, second] = key.split(".");
  const value = parse(written);
  const keys = {
    app: "counter",
    hosts: ["web1"],
    [first!]: second === undefined ? value : { [second]: value },
  };
  return environmentSchema.safeParse(keys).success;
}

const cases = Object.entries(values);
const good = cases.flatMap(([key, { good }]) => good.map((written) => [key, written] as const));
const bad = cases.flatMap(([key, { bad }]) => bad.map((written) => [key, written] as const));

test.each(good)("%s takes %s", (key, written) => {
  expect(accepts(key, written)).toBe(true);
});

test.each(bad)("%s refuses %s", (key, written) => {
  expect(accepts(key, written)).toBe(false);
});

test("every key of the schema is in this table, and its examples are taken", () => {
  const keys = Object.entries({ ...topKeys, ...environmentKeys }).flatMap(([name, schema]) => {
    const { default: fallback } = infoOf(schema)!;
    const section = fallback === undefined && shapeOf(schema);
    if (!section) return [[name, infoOf(schema)!] as const];
    return Object.entries(section).map(([inner, field]) => [`${name}.${inner}`, infoOf(field)!] as const);
  });
  expect(Object.keys(values).sort()).toEqual(keys.map(([name]) => name).sort());
  for (const [name, { examples, description }] of keys) {
    expect(description, name).toMatch(/\.$/);
    for (const example of examples) expect(accepts(name, JSON.stringify(example)), name).toBe(true);
  }
});
