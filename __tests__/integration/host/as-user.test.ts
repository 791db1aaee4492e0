import { execFileSync, spawnSync } from "node:child_process";
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
import { dirname, join } from "node:path";
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
    `import json, os, subprocess, sys
SOURCES = json.load(open(sys.argv[1]))
FINDER = ${JSON.stringify(finder)}
exec(FINDER)
from djd_paths import Paths, Refused
import djd_as_user, djd_collected, djd_links, djd_lock, djd_output, djd_processes, djd_releases, djd_static, djd_steps, djd_wish, djd_work
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
    execFileSync("python3", ["-I", file, join(site, "sources.json")], {
      env,
      encoding: "utf8",
      timeout: 60_000,
    }),
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
    ...["setproctitle", "evil.dist-info", "shop/templates", "docutils", ".data"].map((path) => [
      { path, directory: true },
    ]),
    ...["pip.conf", ".env", ".data", "templates/db.sqlite3", "empty.conf"].map((path) => [{ path }]),
    [{ path: "shop/pages", directory: true }],
    ["manage.py"],
    { path: "x" },
    "x",
    Array.from({ length: 200 }, () => ({ path: "x" })),
  ];
  const files = [["shop/views.py", "f", "", 1]];
  writeFileSync(join(site, "releases/1/.djdeploy/files.json"), JSON.stringify(files));
  writeFileSync(join(site, "releases/1/settings.ini"), "[a]");
  symlinkSync("../../shared", join(site, "releases/1/linked"));
  // Shipped, and no data: a page is made from it, or a program reads it.
  mkdirSync(join(site, "releases/1/shop/pages"), { recursive: true });
  writeFileSync(join(site, "releases/1/empty.conf"), "");
  const body = `[told(lambda: djd_wish.checked(paths, "1", wish)) for wish in json.loads(${text(wishes)})]`;
  expect(agent(body)).toEqual(wishes.map(() => expect.objectContaining({ refused: "inspect.wish" })));
  expect(agent('djd_wish.checked(paths, "1", [{"path": "data/db.sqlite3"}])')).toEqual([
    { path: "data/db.sqlite3", directory: false },
  ]);
  expect(agent('djd_wish.checked(paths, "1", [{"path": "media", "directory": True}])')).toHaveLength(1);
});

test("what is kept under a name of data's is granted, wherever it lies", () => {
  for (const path of ["uploads", "var/media", "user-files", "site_media", "storage/private"])
    expect(
      agent(`djd_wish.checked(paths, "1", [{"path": ${JSON.stringify(path)}, "directory": True}])`),
    ).toEqual([{ path, directory: true }]);
  for (const path of ["db", "app.db", "var/site.sqlite"])
    expect(agent(`djd_wish.checked(paths, "1", [{"path": ${JSON.stringify(path)}}])`)).toHaveLength(1);
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

test("what a step prints is bounded, and its code never has the log itself", () => {
  const script = "import os; os.write(1, b'x' * 70_000_000); print(os.readlink('/proc/self/fd/1')[:5])";
  const body = `djd_steps.run(paths, "r", "loud", ["python3", "-c", ${JSON.stringify(script)}], dict(os.environ), "/", lambda text: None, as_user=True)[0]`;
  expect(agent(body)).toMatchObject({ ok: true });
  const log = readFileSync(join(site, ".djdeploy/runs/r/loud.log"), "utf8");
  expect(log.length).toBeLessThan(68_000_000);
  expect(log.slice(-200)).toMatch(/\ndjdeploy: \d+ more bytes of output were left out\n$/);
  const where = `djd_steps.run(paths, "r", "where", ["readlink", "/proc/self/fd/1"], dict(os.environ), "/", lambda text: None, as_user=True)`;
  agent(where);
  expect(readFileSync(join(site, ".djdeploy/runs/r/where.log"), "utf8")).toMatch(/^pipe:/);
});

test("a step goes on where its log has no room", () => {
  const loud = `["python3", "-c", "import os; os.write(1, b'x' * 3_000_000)"]`;
  const run = `(lambda out: (lambda one: (out.begin(), one.wait(20), out.finish())[1])(subprocess.Popen(${loud}, stdout=out.end)))`;
  expect(agent(`${run}(djd_output.Output(os.open("/dev/full", os.O_WRONLY)))`)).toBe(0);
});

test("processes of the project in an ended step's group hold no lock", () => {
  mkdirSync(join(site, ".djdeploy/runs/held"), { recursive: true });
  const body = (result: string) =>
    `(${result}, open(paths.own + "/lock.json", "w").write(json.dumps({"run": "held", "actor": "x", "step": {"name": "migrate", "pid": os.getpgid(0), "start": "0", "boot": djd_lock.boot_id(), "group": True}})), djd_lock.leftover(paths))[2]`;
  expect(agent(body("None"))).toMatchObject({ run: "held" });
  expect(
    agent(body('open(paths.runs("held") + "/migrate.result", "w").write("{}")')),
    "its result is written",
  ).toBeNull();
  rmSync(join(site, ".djdeploy/lock.json"));
});

test("root is told not to run bin/manage, which is not root's file", () => {
  mkdirSync(join(site, "slots"), { recursive: true });
  agent('(setattr(os, "getuid", lambda: 4711), djd_releases.write_manage(paths))[1]');
  writeFileSync(join(site, "id"), "#!/bin/sh\necho 0\n", { mode: 0o755 });
  const env = { ...process.env, PATH: `${site}:${process.env["PATH"]}` };
  const ran = spawnSync(join(site, "bin/manage"), ["check"], { env, encoding: "utf8" });
  expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining("runuser --pty -u shop_deploy")]);
});

test("an older release's file and its compressed forms never mix with a newer one's of the same name", () => {
  const name = "app.0123456789ab.css";
  const tree = (release: string, files: Record<string, string>) => {
    const folder = join(site, "releases", release, "static");
    mkdirSync(join(site, "releases", release, ".djdeploy"), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(folder, "staticfiles.json"), JSON.stringify({ paths: files }));
    symlinkSync(folder, join(site, "releases", release, ".djdeploy/static"));
    return folder;
  };
  const manifest = (folder: string, names: string[]) =>
    writeFileSync(
      join(folder, "staticfiles.json"),
      JSON.stringify({ paths: Object.fromEntries(names.map((one) => [one, one])) }),
    );
  const old = tree("s1", { [name]: "old", [`${name}.gz`]: "evil", newapp: "a file", "only.ff.css": "only" });
  manifest(old, [name, "newapp", "only.ff.css"]);
  const fresh = tree("s2", { [name]: "new", "newapp/x.ff.css": "x" });
  manifest(fresh, [name, "newapp/x.ff.css"]);
  agent('djd_static.share(paths, "s1", [])');
  agent('djd_static.share(paths, "s2", ["s1"])');
  const shared = agent("paths.static") as string;
  for (const folder of [fresh, shared]) {
    expect(readFileSync(join(folder, name), "utf8")).toBe("new");
    expect(existsSync(join(folder, `${name}.gz`))).toBe(false);
    expect(readFileSync(join(folder, "newapp/x.ff.css"), "utf8")).toBe("x");
    expect(readFileSync(join(folder, "only.ff.css"), "utf8")).toBe("only");
  }
});

test("what was collected has a bound in bytes, files and depth", () => {
  const deep = join(site, "work/deep/static", ...Array.from({ length: 70 }, () => "d"));
  mkdirSync(deep, { recursive: true });
  mkdirSync(join(site, "releases/deep/.djdeploy"), { recursive: true });
  expect(agent('djd_collected.fetch(paths, "deep")')).toMatchObject({ refused: "collectstatic.too-much" });
  mkdirSync(join(site, "work/wide/static"), { recursive: true });
  mkdirSync(join(site, "releases/wide/.djdeploy"), { recursive: true });
  for (const one of ["a", "b", "c"]) writeFileSync(join(site, "work/wide/static", one), "12345");
  for (const bound of ["FILES", "BYTES"])
    expect(
      agent(`(setattr(djd_collected, "${bound}", 2), djd_collected.fetch(paths, "wide"))[1]`),
    ).toMatchObject({
      refused: "collectstatic.too-much",
    });
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

test.each(["shop", null])("a step ends whose end a tracer keeps to itself, as %s", (runner) => {
  const tracer = `import ctypes, sys, time
ctypes.CDLL(None).ptrace(0x4206, int(sys.argv[1]), 0, 0)
open(sys.argv[2], "w").close()
time.sleep(50)`;
  const traced = join(site, `traced-${runner}`);
  const script = `import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", os.environ["TRACER"], str(os.getpid()), ${JSON.stringify(traced)}])
while not os.path.exists(${JSON.stringify(traced)}):
    time.sleep(0.05)
os._exit(0)`;
  const body = `(setattr(paths, "runner", json.loads(${text(runner)})), djd_steps.run(paths, "r", "traced-${runner}", ["python3", "-c", json.loads(${text(script)})], dict(os.environ, TRACER=json.loads(${text(tracer)})), "/", lambda text: None, as_user=True)[0])[1]`;
  expect(agent(body)).toMatchObject({ ok: false, code: 125, signal: null });
  expect(readFileSync(join(site, `.djdeploy/runs/r/traced-${runner}.log`), "utf8")).toContain(
    "a process of the same user traces it and does not let go of it",
  );
});

test("a step whose keeper was stopped by its own code goes on", () => {
  const body = `djd_steps.run(paths, "r", "stopped", ["sh", "-c", "kill -STOP $PPID; echo on"], dict(os.environ), "/", lambda text: None, as_user=True)[0]`;
  expect(agent(body)).toMatchObject({ ok: true });
  expect(readFileSync(join(site, ".djdeploy/runs/r/stopped.log"), "utf8")).toBe("on\n");
});

test("what was killed meanwhile is told as that, and not as a rule of sudo's that is missing", () => {
  writeFileSync(join(site, "sudo"), "#!/bin/sh\nkill -KILL $$\n", { mode: 0o755 });
  expect(agent("djd_processes.mine(paths)")).toEqual({
    refused: "host.as-user",
    message: "what runs as shop could not be asked: it was killed",
  });
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
