import { describe, expect, test } from "vitest";
import { judge } from "../../../src/config/judge.ts";
import { problemsError } from "../../../src/config/problems.ts";

/** The mistakes of a user at two in the morning, and the first line they read. */

const tail = "environments:\n  production:\n    hosts: [web1.example.com]\n";

function firstLine(text: string): string {
  const judged = judge(text);
  const [name] = judged.environments.keys();
  const problems = judged.problems.length > 0 ? judged.problems : judged.unsupported(name!);
  return problemsError("djdeploy.yml", problems).message;
}

const wholeFiles: [what: string, text: string, line: string][] = [
  ["nothing in the file", "", "djdeploy.yml:1:1: the file is empty"],
  ["only a comment", "# later\n", "djdeploy.yml:1:1: the file is empty"],
  [
    "a list instead of keys",
    "- counter\n",
    "djdeploy.yml:1:1: the file: expected a map of keys such as app and environments, not a list",
  ],
  [
    "no app",
    tail,
    'djdeploy.yml:1:1: missing key "app": a name of small letters, digits and dashes such as counter, at most 31 long',
  ],
  ["no environment", "app: counter\n", 'djdeploy.yml:1:1: missing key "environments": a map of environments'],
  [
    "environments without any",
    "app: counter\nenvironments: {}\n",
    "djdeploy.yml:2:15: environments: expected a map of at least one environment, not an empty map",
  ],
  [
    "an environment without hosts",
    "app: counter\nenvironments:\n  production:\n    url: https://example.com\n",
    'djdeploy.yml:3:3: missing key "hosts" in environments.production: a list of hosts',
  ],
  [
    "hosts left empty",
    "app: counter\nenvironments:\n  production:\n    hosts:\n",
    "djdeploy.yml:4:11: environments.production.hosts: expected a list of hosts, not nothing",
  ],
  [
    "one host without brackets",
    "app: counter\nenvironments:\n  production:\n    hosts: web1\n",
    'djdeploy.yml:4:12: environments.production.hosts: expected a list of hosts, not "web1"; write [web1]',
  ],
  [
    "hosts at the top",
    `app: counter\nhosts: [web1]\n${tail}`,
    'djdeploy.yml:2:1: unknown key "hosts"; it belongs under environments.NAME',
  ],
  ["a tab", "app: counter\nenvironments:\n\tproduction:\n", "djdeploy.yml:3:1: a tab in the indentation"],
  ["a key twice", `app: counter\napp: other\n${tail}`, "djdeploy.yml:2:1: the key app is given twice here"],
  [
    "a bracket that is not closed",
    "app: counter\npackages: [libpq-dev\nenvironments: {}\n",
    "djdeploy.yml:3:1: a [ above is not closed",
  ],
  [
    "a star without quotes",
    "app: counter\nenvironments:\n  production:\n    hosts: [web1]\n    domains: [*.example.com]\n",
    "djdeploy.yml:5:15: no anchor &.example.com before *.example.com",
  ],
  [
    "an IPv6 address without quotes",
    "app: counter\nenvironments:\n  production:\n    hosts: [[::1]:22]\n",
    "djdeploy.yml:4:13: a key must be a plain word",
  ],
  [
    "a colon in a command",
    `app: counter\nbuild:\n  command: echo now: done\n${tail}`,
    'djdeploy.yml:3:12: a second ": " in one line',
  ],
  [
    "a key too far to the left",
    `app: counter\nserver:\n    workers: 2\n  manager: systemd\n${tail}`,
    "djdeploy.yml:4:1: indented differently from the keys above",
  ],
  [
    "a word alone",
    `app: counter\nserver\n${tail}`,
    "djdeploy.yml:2:1: neither key: value nor part of the value above",
  ],
  ["a quote left open", `app: "counter\n${tail}`, "djdeploy.yml:5:1: a quote is not closed"],
  ["an at sign", `app: @counter\n${tail}`, "djdeploy.yml:1:6: a value begins with a character of YAML's own"],
  ["a tag of another tool", `app: !Ref name\n${tail}`, "djdeploy.yml:1:6: the tag !Ref means nothing here"],
  [
    "an anchor in itself",
    `app: counter\npackages: &p [*p]\n${tail}`,
    "djdeploy.yml:2:14: packages[0] contains itself",
  ],
  [
    "an environment's name with a space",
    "app: counter\nenvironments:\n  the shop:\n    hosts: [web1]\n",
    'djdeploy.yml:3:3: environments: expected the name of an environment such as production, not "the shop"',
  ],
  [
    "two environments in one folder",
    "app: counter\nenvironments:\n  production:\n    hosts: [web1]\n  staging:\n    hosts: [deploy@WEB1]\n",
    "djdeploy.yml:6:13: environments production and staging would share /srv/counter on WEB1",
  ],
  [
    "two environments with one name",
    "app: counter\nenvironments:\n  production:\n    hosts: [web1]\n  staging:\n    hosts: [web1]\n    release: {path: /srv/staging}\n",
    "djdeploy.yml:6:13: environments production and staging would share the units of app counter on web1",
  ],
];

test.each(wholeFiles)("%s", (_, text, line) => {
  expect(firstLine(text)).toBe(line);
});

/** Lines between `app: counter` (line 1) and the environment. */
const topLevel: [what: string, lines: string, line: string][] = [
  ["a slip", "procesess: {}", '2:1: unknown key "procesess"; did you mean "processes"?'],
  [
    "camel case",
    "server: {stopTimeout: 5s}",
    '2:10: unknown key "stopTimeout"; did you mean "stop-timeout"?',
  ],
  [
    "an underscore",
    "health:\n  request_timeout: 5s",
    '3:3: unknown key "request_timeout"; did you mean "request-timeout"?',
  ],
  ["a key of a section at the top", "workers: 3", '2:1: unknown key "workers"; did you mean server.workers?'],
  ["a key that means nothing", "server: {colour: red}", '2:10: unknown key "colour" in server'],
  [
    "a value's slip",
    "server:\n  kind: gunicron",
    '3:9: server.kind: expected auto, gunicorn, uvicorn, hypercorn, daphne, uwsgi, waitress or granian, not "gunicron"; did you mean "gunicorn"?',
  ],
  [
    "a duration without a unit",
    "health: {deadline: 60}",
    "2:20: health.deadline: expected a duration such as 60s, 300ms or 2m, not 60; write 60s or 60ms",
  ],
  [
    "a duration of nothing",
    "health: {deadline: 0s}",
    '2:20: health.deadline: expected a duration longer than 0 and up to 24h, not "0s"',
  ],
  ["yes", "static: {collect: yes}", '2:19: static.collect: expected true or false, not "yes"'],
  [
    "a Python version as a number",
    "python: {version: 3.12}",
    '2:19: python.version: expected auto or a version specifier such as ">=3.12", not 3.12; write ">=3.12" in quotes',
  ],
  [
    "one status",
    "health: {status: 200}",
    "2:18: health.status: expected auto or a list of status codes such as [200, 302], not 200; write [200]",
  ],
  [
    "an ignored finding without a reason",
    "lint:\n  ignore:\n    security.W008:",
    '4:19: lint.ignore.security.W008: expected the reason in words, such as "nginx redirects to HTTPS", not nothing',
  ],
  [
    "ignored findings as a list",
    "lint: {ignore: [security.W008]}",
    "2:16: lint.ignore: expected a map from a finding's identifier to the reason for ignoring it, not a list",
  ],
  [
    "a path out of the repository",
    "root: ../backend",
    '2:7: root: expected a path below the folder of djdeploy.yml, not "../backend"',
  ],
  [
    "somebody else's folder",
    "release: {path: /home/me}",
    '2:17: release.path: expected an absolute path of the application\'s own such as /srv/counter, not "/home/me"',
  ],
  [
    "a secret in the place of its name",
    "env: {secrets: [SECRET_KEY=hunter2]}",
    '2:17: env.secrets[0]: expected the name of an environment variable such as SECRET_KEY, not "SECRET_KEY[…]"',
  ],
  [
    "a secret's name in vars too",
    "env:\n  secrets: [SECRET_KEY]\n  vars: {SECRET_KEY: x}",
    "3:13: env.secrets[0]: SECRET_KEY is in env.vars too",
  ],
  [
    "a process without a command",
    "processes:\n  beat: {singelton: true}",
    '3:3: missing key "command" in processes.beat: a command',
  ],
  [
    "a hook's slip",
    "release: {hooks: {after-swich: ./notify}}",
    '2:19: unknown key "after-swich"; did you mean "after-switch"?',
  ],
  ["root", "server: {user: root}", "2:16: server.user: the application must not run as root"],
  [
    "a name of djdeploy's own",
    "env: {vars: {DJDEPLOY_RELEASE: x}}",
    "2:32: env.vars.DJDEPLOY_RELEASE: DJDEPLOY_RELEASE is a name of djdeploy's own",
  ],
  ["everything shared", "shared: [./]", "2:10: shared[0]: cannot be shared"],
  ["drain the wrong way round", "drain: {min: 2m}", "2:14: drain.min: longer than drain.max"],
  [
    "a port with nginx before it",
    "server: {listen: 0.0.0.0:80}",
    "2:18: server.listen: nginx: manage stands in front of a socket, not of a port",
  ],
  [
    "a restart that nobody needs",
    "server: {strategy: restart}",
    "2:20: server.strategy: restart is for a port",
  ],
  [
    "a feature of a later version",
    "server: {strategy: reload}",
    "2:20: server.strategy: not yet supported: an existing service cannot be reloaded yet",
  ],
  [
    "a user's own supervisord",
    "server: {scope: user, manager: supervisord}",
    "2:17: server.scope: supervisord belongs to root on Debian and Ubuntu, there is none of a user's own",
  ],
  [
    "nginx's site without root",
    "server: {scope: user}",
    "2:17: server.scope: nginx: manage writes nginx's site, and only root may",
  ],
  [
    "a process with the name of the web server's",
    "processes:\n  web: celery -A tute worker",
    "3:8: processes.web: a name of the web server's own",
  ],
  [
    "a process that no host would run",
    "processes:\n  beat: {command: x, roles: [jobs]}",
    "3:29: processes.beat.roles: no host has the role jobs",
  ],
];

test.each(topLevel)("%s", (_, lines, line) => {
  expect(firstLine(`app: counter\n${lines}\n${tail}`)).toBe(`djdeploy.yml:${line}`);
});

test.each([
  [
    "a port that only root may open",
    "nginx: none, server: {scope: user, listen: 0.0.0.0:80}",
    "server.listen: only root may open port 80: with scope: user it must be above 1023",
  ],
  [
    "another user than the one who comes in",
    "nginx: none, server: {scope: user}, hosts: [me@web2]",
    "hosts[0]: scope: user runs the application as who comes in, and server.user is counter",
  ],
])("without root, %s", (_, keys, told) => {
  const hosts = keys.includes("hosts") ? "" : ", hosts: [web1]";
  expect(firstLine(`app: counter\nenvironments:\n  production: {${keys}${hosts}}\n`)).toContain(told);
});

test("who it runs as does not deploy it", () => {
  const yml = (keys: string) => `app: counter\nenvironments:\n  production: {${keys}}\n`;
  const told = "is the user that the application runs as (server.user), and that one never deploys";
  expect(firstLine(yml("hosts: [counter@web1]"))).toBe(`djdeploy.yml:3:24: hosts[0]: counter ${told}`);
  expect(firstLine(yml("server: {user: www}, hosts: [web1, {host: web2, user: www}]"))).toContain(
    `hosts[1]: www ${told}`,
  );
});

test("trusted proxies are nginx's to believe, and there is none", () => {
  const production = "{nginx: none, front: {trusted-proxies: [10.0.0.9]}, hosts: [web1]}";
  expect(firstLine(`app: counter\nenvironments:\n  production: ${production}\n`)).toBe(
    "djdeploy.yml:3:54: front.trusted-proxies: nginx: none leaves it to your own web server whom it believes",
  );
});

test("a certificate that nobody would show, or no authority would give", () => {
  const yml = (keys: string) => `app: counter\nenvironments:\n  production: {${keys}}\n`;
  const site = "url: https://www.example.com, tls: certbot, hosts: [web1]";
  for (const [keys, said] of [
    [`${site}, nginx: none`, "tls: nginx: none leaves HTTPS to your own web server"],
    [`${site}, nginx: print`, "tls: setup gets a certificate only for a site that it writes itself"],
    [site.replace("https:", "http:"), "url: visitors are sent on to HTTPS"],
    [
      `${site}, front: {trusted-proxies: [10.0.0.9]}`,
      "a balancer that ends TLS, and a certificate of this host's own",
    ],
    ["tls: certbot, hosts: [web1]", "tls: a certificate is for names, and none is given"],
    [site.replace("www.example.com", "203.0.113.10"), "url: 203.0.113.10: the way in which setup proves"],
    [
      `${site}, domains: [www.example.com, "*.example.com"]`,
      "domains: *.example.com: the way in which setup proves",
    ],
    [site.replace("[web1]", "[web1, web2]"), "tls: 2 hosts: an authority asks one of them"],
  ] as const)
    expect(firstLine(yml(keys)), keys).toContain(said);
  for (const right of [
    site,
    site.replace("[web1]", "[web1, {host: jobs1, roles: [jobs]}]"),
    site
      .replace("tls: certbot", "tls: {certificate: /etc/ssl/a.pem, key: /etc/ssl/a.key}")
      .replace("[web1]", "[web1, web2]"),
  ])
    expect(judge(yml(right)).problems, right).toEqual([]);
});

test("the name that the site is asked by is one of those that nginx is told", () => {
  const yml = (keys: string) => `app: counter\nenvironments:\n  production: {${keys}, hosts: [web1]}\n`;
  expect(firstLine(yml("url: https://www.example.com, domains: [example.com]"))).toContain(
    "domains: the site is asked as www.example.com, and nginx would not know that name",
  );
  expect(firstLine(yml("domains: [example.com], health: {host: 10.0.0.1}"))).toContain("asked as 10.0.0.1");
  for (const right of [
    "url: https://WWW.example.com, domains: ['*.example.com']",
    "url: https://www.example.com, domains: [example.com], health: {host: example.com}",
    "url: https://www.example.com, domains: [example.com], nginx: none",
    "domains: [example.com]",
  ])
    expect(judge(yml(right)).problems, right).toEqual([]);
});

test("a server that would take itself to be below a path", () => {
  const yml =
    "app: counter\nenv: {vars: {SCRIPT_NAME: /app}}\nenvironments:\n  production: {hosts: [web1]}\n";
  expect(firstLine(yml)).toContain("env.vars.SCRIPT_NAME: not yet supported: a site below a path");
});

test("the port that visitors come to is the one nginx is told", () => {
  const yml = (keys: string) => `app: counter\nenvironments:\n  production: {${keys}, hosts: [web1]}\n`;
  expect(firstLine(yml("url: 'http://www.example.com:8080'"))).toContain(
    "url: visitors would come to port 8080, and nginx would listen on 80",
  );
  for (const right of [
    "url: 'http://www.example.com:8080', front: {port: 8080}",
    "url: 'http://www.example.com:8080', front: {port: 80}",
    "url: 'http://www.example.com:8080', nginx: none",
    "url: 'https://www.example.com:8443', tls: external",
    "url: 'http://www.example.com:80'",
  ])
    expect(judge(yml(right)).problems, right).toEqual([]);
});

test("without root each user has units of its own, and a home", () => {
  const environment = (user: string) => `{nginx: none, server: {scope: user, user: ${user}}, hosts: [web1]}`;
  const text = (one: string, other: string) =>
    `app: counter\nenvironments:\n  one: ${environment(one)}\n  two: ${environment(other)}\n`;
  expect(judge(text("me", "you")).problems).toEqual([]);
  expect(firstLine(text("me", "me"))).toContain("would share /home/me/counter on web1");
});

describe("several problems", () => {
  const text = `app: Counter\nserver:\n  kind: gunicron\n  wrokers: 3\n${tail}`;
  const error = problemsError("djdeploy.yml", judge(text).problems);

  test("come as one error, in reading order, each once", () => {
    expect(error.code).toBe("config.bad-value");
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(/^djdeploy\.yml:1:6: app: expected /);
    expect(error.details.output?.split("\n")).toEqual([
      expect.stringMatching(/^djdeploy\.yml:3:9: server\.kind: /),
      'djdeploy.yml:4:3: unknown key "wrokers"; did you mean "workers"?',
    ]);
  });

  test("the first has what was expected and seen", () => {
    expect(error.details).toMatchObject({ at: "djdeploy.yml:1:6", seen: '"Counter"' });
    expect(error.details.expected).toContain("small letters");
  });
});

test("a value of the top level that only an environment's merge makes wrong is told where it is written", () => {
  const text = `app: counter\nenv: {vars: {TOKEN: x}}\nenvironments:\n  production:\n    hosts: [web1]\n    env: {secrets: [TOKEN]}\n`;
  expect(firstLine(text)).toBe("djdeploy.yml:6:21: env.secrets[0]: TOKEN is in env.vars too");
});
