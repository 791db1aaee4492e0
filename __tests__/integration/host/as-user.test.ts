import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
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
import djd_as_user, djd_collected, djd_links, djd_processes, djd_static, djd_steps, djd_wish, djd_work
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
  expect(agent('djd_collected.fetch(paths, "1")')).toBeNull();
  const there = join(site, "releases/1/.djdeploy/staticfiles");
  const files = execFileSync("find", [there, "-not", "-type", "d", "-printf", "%P\n"], { encoding: "utf8" });
  expect(files.trim().split("\n").sort()).toEqual(["more/deep.js", "site.css"]);
  expect(readFileSync(join(there, "site.css"), "utf8")).toBe("body {}");
  expect(existsSync(join(site, "work/1"))).toBe(false);
});

test("a link in the place of the whole folder leads nowhere", () => {
  symlinkSync(join(site, "env"), join(site, "work/2"));
  mkdirSync(join(site, "releases/2/.djdeploy"), { recursive: true });
  expect(() => agent('djd_collected.fetch(paths, "2")')).toThrow(/NotADirectory/);
  expect(existsSync(join(site, "releases/2/.djdeploy/staticfiles/store.json"))).toBe(false);
});

test("names that collectstatic wrote down stay in their tree", () => {
  const folder = join(site, "manifest");
  mkdirSync(folder, { recursive: true });
  const paths = {
    a: "a.0123456789ab.css",
    b: "../x.css",
    c: "/etc/x",
    d: "x/../../y",
    e: 7,
    f: "",
    g: "sub/b.css",
  };
  writeFileSync(join(folder, "staticfiles.json"), JSON.stringify({ paths }));
  expect(agent(`djd_static.hashed(${JSON.stringify(folder)})`)).toEqual(["a.0123456789ab.css", "sub/b.css"]);
  writeFileSync(join(folder, "staticfiles.json"), '{"paths": ["x"]}');
  expect(agent(`djd_static.hashed(${JSON.stringify(folder)})`)).toEqual([]);
});

test("only paths of the release are kept for a check that asks", () => {
  const wishes = [
    [{ path: "../../env/store.json" }],
    [{ path: "/etc/passwd" }],
    [{ path: ".djdeploy/launch" }],
    [{ path: "a/../../x" }],
    [{ path: "a\u0000b" }],
    [{ path: 7 }],
    [{ path: "shop/views.py" }],
    [{ path: "settings.ini" }],
    [{ path: "shop", directory: true }],
    [{ path: "json", directory: true }],
    [{ path: "linked/x", directory: true }],
    [{ path: "media", directory: true }, { path: "media/db.sqlite3" }],
    ["manage.py"],
    { path: "x" },
    "x",
    Array.from({ length: 200 }, () => ({ path: "x" })),
  ];
  const files = [["shop/views.py", "f", "", 1]];
  writeFileSync(join(site, "releases/1/.djdeploy/files.json"), JSON.stringify(files));
  writeFileSync(join(site, "releases/1/settings.ini"), "[a]");
  symlinkSync("../../shared", join(site, "releases/1/linked"));
  const body = `[told(lambda: djd_wish.checked(paths, "1", wish)) for wish in json.loads(${text(wishes)})]`;
  expect(agent(body)).toEqual(wishes.map(() => expect.objectContaining({ refused: "inspect.wish" })));
  expect(agent('djd_wish.checked(paths, "1", [{"path": "data/db.sqlite3"}])')).toEqual([
    { path: "data/db.sqlite3", directory: false },
  ]);
  expect(agent('djd_wish.checked(paths, "1", [{"path": "media", "directory": True}])')).toHaveLength(1);
});

test("the link to what is kept is made behind no link", () => {
  const release = join(site, "releases/1");
  const lead = (path: string) =>
    agent(
      `djd_links.lead(${JSON.stringify(site)}, ${JSON.stringify(release)}, ${JSON.stringify(path)}, None)`,
    );
  expect(() => lead("linked/python")).toThrow(/Not a directory/);
  expect(existsSync(join(site, "shared/python"))).toBe(false);
  expect(lead("data/db.sqlite3")).toBeNull();
  expect(readlinkSync(join(release, "data/db.sqlite3"))).toBe("../../../shared/data/db.sqlite3");
});

test("the answer of a check is JSON of a known size in a plain file, or none", () => {
  mkdirSync(join(site, "work/3"), { recursive: true });
  const file = join(site, "work/3/inspect.json");
  const answers = { "{": null, '{"python": "3"}': { python: "3" }, [`"${"x".repeat(9 << 20)}"`]: null };
  for (const [text, answer] of Object.entries(answers)) {
    writeFileSync(file, text);
    expect(agent('djd_as_user.ask(paths, djd_work.handed, "3", "inspect.json")')).toEqual(answer);
  }
});

test("an answer of another kind is one refusal, whatever names stand in it", () => {
  const stand = readFileSync(join(site, "sudo"), "utf8");
  const answers = {
    '{"refused": {"code": "x.y", "message": "no", "data": {"code": 1, "message": 2, "self": 3}}}': "x.y",
    '{"refused": "no"}': "host.as-user",
    '{"refused": {"code": "x.y"}}': "host.as-user",
    '{"errno": "2"}': "host.as-user",
    "[1]": "host.as-user",
    null: "host.as-user",
  };
  for (const [answer, refused] of Object.entries(answers)) {
    writeFileSync(join(site, "sudo"), `#!/bin/sh\ncat <<'E'\n${answer}\nE\nsleep 1\n`, { mode: 0o755 });
    expect(agent("djd_processes.mine(paths)"), answer).toMatchObject({ refused });
  }
  writeFileSync(join(site, "sudo"), stand, { mode: 0o755 });
});

test.each(["shop", null])("what a step leaves running is ended and said, as %s", (runner) => {
  const left = join(site, "left.pid");
  rmSync(left, { force: true });
  // A daemon as they are made: a session of its own, twice forked, deaf to TERM.
  const daemon = `import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
open(${JSON.stringify(left)}, "w").write(str(os.getpid()))
time.sleep(600)`;
  const script = `python3 -c "$DAEMON"; while [ ! -s ${left} ]; do sleep 0.05; done; echo done`;
  const name = `leaves-${runner}`;
  const body = `(setattr(paths, "runner", json.loads(${text(runner)})), djd_steps.run(paths, "r", ${JSON.stringify(name)}, ["sh", "-c", ${JSON.stringify(script)}], dict(os.environ, DAEMON=json.loads(${text(daemon)})), "/", lambda text: None, as_user=True)[0])[1]`;
  expect(agent(body)).toMatchObject({ ok: true });
  expect(readFileSync(join(site, `.djdeploy/runs/r/${name}.log`), "utf8")).toBe(
    "done\ndjdeploy: ended what this step left running: python3\n",
  );
  expect(existsSync(`/proc/${readFileSync(left, "utf8")}`)).toBe(false);
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
