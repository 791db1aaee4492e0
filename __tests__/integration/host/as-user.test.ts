import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hostFiles } from "../../../src/host/files.gen.ts";

// Where one user deploys and another runs: what the running user's code leaves for the agent, and how that looks at it. Both
// are the same user here, and sudo is a stand-in; who may do what on a host is tried in hosts/setup and hosts/attacks.

const site = mkdtempSync(join(tmpdir(), "djd-as-user-"));
afterAll(() => rmSync(site, { recursive: true }));
const owner = { version: 3, app: "shop", user: "shop", deployer: "shop_deploy", as: "/usr/bin/env" };
writeFileSync(join(site, "owner.json"), JSON.stringify(owner));
for (const folder of [
  "releases/1/.djdeploy",
  "work/1/static/more",
  "shared",
  "run",
  "env",
  ".djdeploy/runs/r",
])
  mkdirSync(join(site, folder), { recursive: true });
writeFileSync(join(site, "sudo"), '#!/bin/sh\nshift 3\nexec "$@"\n', { mode: 0o755 });
writeFileSync(join(site, "env/store.json"), "a-stored-secret");

/** A value as a literal of Python: JSON in a string. */
const text = (value: unknown) => JSON.stringify(JSON.stringify(value));

/** What the agent's Python answers to `body`, which has `paths`, in a program that is made as the agent's is. */
function agent(body: string): unknown {
  const modules = Object.entries(hostFiles).filter(([name]) => name.endsWith(".py"));
  const sources = Object.fromEntries(modules.map(([name, text]) => [name.slice(0, -3), text]));
  const finder = `
import importlib.abc, importlib.util, sys
class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name in SOURCES else None
    def exec_module(self, module):
        exec(SOURCES[module.__name__], module.__dict__)
sys.meta_path.insert(0, Sources())
`;
  const file = join(site, "program.py");
  writeFileSync(
    file,
    `import json, os, sys
SOURCES = json.load(open(sys.argv[1]))
FINDER = ${JSON.stringify(finder)}
exec(FINDER)
from djd_paths import Paths, Refused
import djd_as_user, djd_inspection, djd_processes
paths = Paths(${JSON.stringify(site)})
def told(act):
    try:
        return act()
    except Refused as error:
        return {"refused": error.code, "message": str(error)}
print(json.dumps(told(lambda: ${body})))
`,
  );
  writeFileSync(join(site, "sources.json"), JSON.stringify(sources));
  const env = { ...process.env, PATH: `${site}:${process.env["PATH"]}` };
  return JSON.parse(
    execFileSync("python3", ["-I", file, join(site, "sources.json")], { env, encoding: "utf8" }),
  );
}

test("collected files are taken as files: no link is followed, no pipe is opened", () => {
  const made = join(site, "work/1/static");
  writeFileSync(join(made, "site.css"), "body {}");
  writeFileSync(join(made, "more/deep.js"), "1");
  symlinkSync(join(site, "env/store.json"), join(made, "leak.txt"));
  symlinkSync(join(site, "env"), join(made, "folder"));
  execFileSync("mkfifo", [join(made, "pipe")]);
  expect(agent('djd_inspection.fetch_static(paths, "1", "staticfiles")')).toBeNull();
  const there = join(site, "releases/1/staticfiles");
  const files = execFileSync("find", [there, "-not", "-type", "d", "-printf", "%P\n"], { encoding: "utf8" });
  expect(files.trim().split("\n").sort()).toEqual(["more/deep.js", "site.css"]);
  expect(readFileSync(join(there, "site.css"), "utf8")).toBe("body {}");
  expect(existsSync(join(site, "work/1"))).toBe(false);
});

test("a link in the place of the whole folder leads nowhere", () => {
  symlinkSync(join(site, "env"), join(site, "work/2"));
  mkdirSync(join(site, "releases/2/.djdeploy"), { recursive: true });
  expect(() => agent('djd_inspection.fetch_static(paths, "2", "staticfiles")')).toThrow(/NotADirectory/);
  expect(existsSync(join(site, "releases/2/staticfiles/store.json"))).toBe(false);
});

test("collected files go to no place but the release's own", () => {
  const places = ["../../env", ".djdeploy", ".djdeploy/launch", "/etc", "."];
  const body = `[told(lambda: djd_inspection.fetch_static(paths, "1", path)) for path in json.loads(${text(places)})]`;
  expect(agent(body)).toEqual(places.map(() => expect.objectContaining({ refused: "static.place" })));
});

test("only paths of the release are kept for a check that asks", () => {
  const wishes = [
    [{ path: "../../env/store.json" }],
    [{ path: "/etc/passwd" }],
    [{ path: ".djdeploy/launch" }],
    [{ path: "a/../../x" }],
    [{ path: "a\u0000b" }],
    [{ path: 7 }],
    ["manage.py"],
    { path: "x" },
    "x",
    Array.from({ length: 200 }, () => ({ path: "x" })),
  ];
  const body = `[told(lambda: djd_inspection._rows(wish)) for wish in json.loads(${text(wishes)})]`;
  expect(agent(body)).toEqual(wishes.map(() => expect.objectContaining({ refused: "inspect.wish" })));
  expect(agent('djd_inspection._rows([{"path": "data/db.sqlite3"}])')).toEqual([
    { path: "data/db.sqlite3", directory: false },
  ]);
});

test("the answer of a check is JSON of a known size in a plain file, or none", () => {
  mkdirSync(join(site, "work/3"), { recursive: true });
  const file = join(site, "work/3/inspect.json");
  const answers = { "{": null, '{"python": "3"}': { python: "3" }, [`"${"x".repeat(9 << 20)}"`]: null };
  for (const [text, answer] of Object.entries(answers)) {
    writeFileSync(file, text);
    expect(agent('djd_as_user.ask(paths, djd_inspection.handed, "3", "inspect.json")')).toEqual(answer);
  }
});

test("what can not be asked is one refusal that says what the other side said", () => {
  writeFileSync(join(site, "sudo"), "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n", {
    mode: 0o755,
  });
  expect(agent("djd_processes.mine(paths)")).toEqual({
    refused: "host.as-user",
    message: "what runs as shop could not be asked: sudo: a password is required",
  });
});
