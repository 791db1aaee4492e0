import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createRedactor } from "../../../src/report/redact.ts";
import { link } from "../../../src/services/door.ts";
import { managerWiring } from "../../../src/services/wiring.ts";
import { askPython } from "../../support/host-python.ts";

// What the code of a project leaves for a deploy in the places that no single answer has: processes that begin anew all the
// time, words without an end, names that belong to another file.

const site = mkdtempSync(join(tmpdir(), "djd-left-behind-"));
afterAll(() => rmSync(site, { recursive: true }));

/** What a Python program prints that may import the agent's modules; it gets `paths` and `told`. */
const python = (program: string, ...argv: string[]): unknown =>
  askPython(
    `import json, os, resource, subprocess
from djd_paths import Paths, Refused
paths = Paths(${JSON.stringify(site)})
def told(act):
    try:
        return act()
    except Refused as error:
        return {"refused": error.code, "message": str(error)}
${program}`,
    ...argv,
  );

/** Forks and ends, over and over: whoever looks for it finds only where it was. */
const chain = `import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.setsid()
end = time.time() + 40
while time.time() < end:
    if os.fork(): os._exit(0)`;

test("what forks and ends over and over is ended, and said", () => {
  const program = `import djd_leftovers, time
djd_leftovers.adopt()
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", sys.argv[1]]).wait()
said = djd_leftovers.end()
print(json.dumps({"said": len(said) > 0, "alone": djd_leftovers.alone()}))`;
  expect(python(program, chain)).toEqual({ said: true, alone: true });
});

/** Makes `script` what a question to the live release's Django starts. */
function liveAnswers(script: string): void {
  for (const folder of ["releases/1/.djdeploy", "run", "slots"])
    mkdirSync(join(site, folder), { recursive: true });
  rmSync(join(site, "run/web.sock"), { force: true });
  rmSync(join(site, "slots/blue"), { force: true });
  symlinkSync("blue.sock", join(site, "run/web.sock"));
  symlinkSync("../releases/1", join(site, "slots/blue"));
  writeFileSync(join(site, "releases/1/.djdeploy/launch"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
const ask = `import djd_applied
answer = told(lambda: djd_applied.read(paths))
print(json.dumps({"answer": answer, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))`;

test.each([
  ["without an end", "head -c 400000000 /dev/zero | tr '\\0' x"],
  ["nested without an end", "head -c 4000000 /dev/zero | tr '\\0' ["],
])("what the live release says of its databases has a bound: words %s", (_, script) => {
  liveAnswers(script);
  const seen = python(ask) as { answer: { refused: string }; mb: number };
  expect(seen.answer.refused).toBe("applied.failed");
  expect(seen.mb).toBeLessThan(200);
});

test("what was asked about the databases leaves nothing running", () => {
  const left = join(site, "left.pid");
  liveAnswers(`setsid sh -c 'echo $$ >${left}; exec sleep 600' >/dev/null 2>&1 &
while [ ! -s ${left} ]; do sleep 0.05; done
echo '{"engine": "x"}'`);
  expect(python(ask)).toMatchObject({ answer: { engine: "x" } });
  expect(existsSync(`/proc/${readFileSync(left, "utf8").trim()}`)).toBe(false);
});

/** A release whose collected files are `files`, all of them named in its manifest. */
function collected(release: string, files: Record<string, string>): string {
  const folder = join(site, "releases", release, "static");
  mkdirSync(join(site, "releases", release, ".djdeploy"), { recursive: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const paths = Object.fromEntries(Object.keys(files).map((name) => [name, name]));
  writeFileSync(join(folder, "staticfiles.json"), JSON.stringify({ paths }));
  symlinkSync(folder, join(site, "releases", release, ".djdeploy/static"));
  return folder;
}
const share = (release: string, kept: string[]) =>
  python(`import djd_static
print(json.dumps(djd_static.share(paths, ${JSON.stringify(release)}, ${JSON.stringify(kept)})))`);

test("a compressed form that an older release names itself is no form of a newer release's file, nor takes its place", () => {
  const long = "x".repeat(253);
  collected("old", {
    "app.ff.css.gz": "evil",
    "more.ff.css.br.gz": "evil",
    "data.json.ff": "old",
    "page.ff.js.gz/inner.ff.css": "old",
    [long]: "long",
  });
  const files = {
    "app.ff.css": "new",
    "more.ff.css": "new",
    "data.json.ff.gz": "new",
    "page.ff.js": "new",
    "page.ff.js.gz": "new",
  };
  const folder = collected("new", files);
  share("old", []);
  share("new", ["old"]);
  const shared = python("print(json.dumps(paths.static))") as string;
  for (const place of [folder, shared]) {
    for (const name of Object.keys(files)) expect(readFileSync(join(place, name), "utf8"), name).toBe("new");
    for (const name of ["app.ff.css.gz", "more.ff.css.br", "data.json.ff"])
      expect(existsSync(join(place, name)), `${place}/${name}`).toBe(false);
    expect(readFileSync(join(place, long), "utf8")).toBe("long");
  }
});

test("the backups of one database are not counted as another's whose name begins alike", () => {
  const names = ["db", "db-users"].map((name) => join(site, `${name}.sqlite3`));
  const program = `import djd_database, glob, sqlite3
files = json.loads(sys.argv[1])
for file in files:
    sqlite3.connect(file).execute("create table if not exists t (a)")
for day in range(1, 5):
    djd_database.copies(paths, files, "2026110%dT000000Z-1a2b3c4" % day, 2)
print(json.dumps(sorted(os.listdir(paths.shared + "/backups"))))`;
  expect(python(program, JSON.stringify(names))).toEqual([
    "db-20261103T000000Z-1a2b3c4.sqlite3",
    "db-20261104T000000Z-1a2b3c4.sqlite3",
    "db-users-20261103T000000Z-1a2b3c4.sqlite3",
    "db-users-20261104T000000Z-1a2b3c4.sqlite3",
  ]);
});

test("a process whose name is no text is one like any other", () => {
  const program = `import ctypes, djd_leftovers, djd_lock, djd_process, djd_retire, djd_seen, signal, time
named = """import ctypes, time
ctypes.CDLL(None).prctl(15, bytes([255, 254, 41, 32]), 0, 0, 0)
print(1, flush=True)
time.sleep(60)"""
one = subprocess.Popen([sys.executable, "-c", named], stdout=subprocess.PIPE)
one.stdout.read(1)
leader = subprocess.Popen([sys.executable, "-c", "pass"], start_new_session=True)
leader.wait()
seen = {
    "below": one.pid in djd_leftovers.descendants(),
    "group": djd_lock.alive({"pid": leader.pid, "start": "1", "boot": djd_lock.boot_id(), "group": True}),
    "alive": djd_lock.alive({"pid": one.pid, "start": djd_lock.start_time(one.pid), "boot": djd_lock.boot_id()}),
    "members": one.pid in djd_process.members(),
    "table": one.pid in [row[0] for row in djd_seen.table(paths)],
    "memory": djd_seen.memory(paths, [one.pid])[0] > 0,
    "handles": djd_retire.handles(one.pid, signal.SIGTERM),
}
seen["said"] = "\\ufffd" in djd_leftovers.said([djd_leftovers._command(one.pid)])
one.kill()
print(json.dumps(seen))`;
  expect(python(program)).toEqual({
    below: true,
    group: false,
    alive: true,
    members: true,
    table: true,
    memory: true,
    handles: false,
    said: true,
  });
});

test("how far an earlier migration came is found at once, whatever it printed", () => {
  const program = `import djd_steps
folder = paths.runs("printed")
os.makedirs(folder, exist_ok=True)
for name, data in (("migrate.log", b"\\n" * 60000 + b"  Applying a.0001_x... OK\\n  Applying a.0002_y..."), ("migrate.result", b'{"signal": "KILL"}')):
    open(os.path.join(folder, name), "wb").write(data)
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
print(json.dumps(djd_steps.interrupted(paths)["doing"]))`;
  expect(python(program)).toBe("a.0002_y");
});

test("a service process of another release is one wherever it went to, and one of another application never is", () => {
  const program = `import djd_processes, djd_proof
def started(home=os.path.realpath(paths.root), **env):
    one = subprocess.Popen([sys.executable, "-c", "print(1, flush=True); import time; time.sleep(60)"], cwd="/", env=dict(env, HOME=home + "/shared/home"), stdout=subprocess.PIPE)
    one.stdout.read(1)
    return one
old = started(DJDEPLOY_SLOT="blue", DJDEPLOY_RELEASE="old")
new = started(DJDEPLOY_PROCESS="worker", DJDEPLOY_RELEASE="new")
by_hand = started(DJDEPLOY_RELEASE="old")
odd = started(DJDEPLOY_SLOT="blue", DJDEPLOY_RELEASE="x" * 100_000)
neighbour = started("/srv/next", DJDEPLOY_SLOT="blue", DJDEPLOY_RELEASE="old")
like_ours = started("/srv/next", DJDEPLOY_PROCESS="worker", DJDEPLOY_RELEASE="new")
all_of_them = (old, new, by_hand, odd, neighbour, like_ours)
table = djd_processes.mine(paths)
found = {row["pid"]: row["release"] for row in djd_proof.survivors(paths, "new")}
marked = {name: [one.pid in djd_processes.marked(name, table) for one in all_of_them] for name in ("blue", "worker")}
print(json.dumps([[found.get(one.pid) for one in all_of_them], marked]))
for one in all_of_them:
    one.kill()`;
  expect(python(program)).toEqual([
    ["old", null, null, "?", null, null],
    {
      blue: [true, false, false, true, false, false],
      worker: [false, true, false, false, false, false],
    },
  ]);
});

test("what the live release starts can not trace what asks it", () => {
  // The kernel gives the files of /proc/PID to root where a process can not be traced by its own user.
  liveAnswers('exec stat -c "{\\"owner\\": %u}" /proc/$PPID/environ');
  chmodSync(site, 0o755);
  const program = `import djd_applied
if os.getuid() == 0:
    os.setuid(65534)
sys.executable = "/usr/bin/python3"  # one that everybody may start
print(json.dumps(told(lambda: djd_applied.read(paths))))`;
  expect(python(program)).toEqual({ owner: 0 });
});

test("why a step failed is told behind any amount of its output", () => {
  const program = `import djd_lock, djd_steps
script = "i=0; while [ $i -lt 300 ]; do head -c 70000 /dev/zero | tr '\\\\0' x; echo; i=$((i+1)); done; echo; printf 'the reason'; exit 1"
said = []
def slow(text):
    said.append(text)
os.makedirs(paths.runs("1"))
answer, offset = djd_steps.run(paths, "1", "much", ["/bin/sh", "-c", script], dict(os.environ), "/", slow)
print(json.dumps({"code": answer["code"], "end": "".join(said)[-11:], "all": offset == os.path.getsize(paths.runs("1") + "/much.log")}))`;
  expect(python(program)).toEqual({ code: 1, end: "the reason\n", all: true });
});

const secret = "the-database-password-of-4711-and-more";

test("half a secret at the place where a long output is cut is hidden", () => {
  const program = `import djd_step_log
log, said = os.path.join(${JSON.stringify(site)}, "long.log"), []
with open(log, "wb") as file:
    file.write(b"x" * 100000 + sys.argv[1].encode() + b"y" * (djd_step_log.TAIL - 21) + b"\\n")
djd_step_log.rest(log, 0, said.append)
print(json.dumps("".join(said)))`;
  const said = python(program, secret) as string;
  expect(said).toContain(secret.slice(-20));
  expect(createRedactor([secret])(said)).not.toContain(secret.slice(-20));
});

test("half a secret at the bound of a step's output is hidden", () => {
  const program = `import djd_output
log = os.open(os.path.join(${JSON.stringify(site)}, "bounded.log"), os.O_RDWR | os.O_CREAT)
out = djd_output.Output(log, 1020)
child = subprocess.Popen(["sh", "-c", "printf '%01000d%s and so on' 0 \\"$0\\"", sys.argv[1]], stdout=out.end)
out.begin()
child.wait()
out.finish()
print(json.dumps(os.pread(log, 9999, 0).decode()))`;
  const said = python(program, secret) as string;
  expect(said).toContain(secret.slice(0, 20));
  expect(createRedactor([secret])(said)).not.toContain(secret.slice(0, 20));
});

test("a booting server is looked at by its process, and the manager asked again when that ended", () => {
  const program = `import djd_processes, djd_slots, itertools, types
clock = itertools.count()
djd_slots.time = types.SimpleNamespace(monotonic=lambda: next(clock))
djd_processes.mine = lambda paths: {}
child = subprocess.Popen(["sleep", "60"])
asked, failed = [], [False]
def state(paths, slot):
    asked.append(slot)
    return {"pid": 0 if failed[0] else child.pid, "restarts": 0, "failed": failed[0], "text": "FATAL"}
djd_slots.manager.state = state
dead = djd_slots.watcher(paths, "green")
while_it_lives = [dead() for _ in range(5)] + [len(asked)]
child.kill()
child.wait()
failed[0] = True
print(json.dumps([while_it_lives, dead(), len(asked)]))`;
  expect(python(program)).toEqual([
    [null, null, null, null, null, 1],
    "the server ended while it started (FATAL)",
    2,
  ]);
});

test("workers that end again and again are the cause also where too few did before the time was over", () => {
  const program = `import djd_probe, djd_processes, djd_slots, itertools
alive, pids = 100, itertools.count(1000)
djd_processes.mine = lambda paths: {next(pids): {"parent": alive}}
djd_slots.djd_lock.start_time = lambda pid: 1
djd_slots.manager.state = lambda paths, slot: {"pid": alive, "restarts": 0, "failed": False, "text": "RUNNING"}
djd_slots.manager.log = lambda paths, slot, release: ""
nobody = {"release": None, "error": "connection refused", "timeout": True}
djd_slots.probe.ask = lambda where, request, token: nobody
djd_slots.probe.token = lambda paths, release: ""
print(json.dumps([djd_slots.wait_boot(paths, "green", "r", {}, seconds, {"port": 1}) for seconds in (4, 60)]))`;
  const [soon, late] = python(program) as Record<string, unknown>[];
  expect(soon).toMatchObject({
    problem: expect.stringMatching(
      /no worker answered within 4 s \(connection refused\): the server runs, but its workers end before they answer \([2-9] so far\)/,
    ),
    timedOut: false,
    hangs: false,
  });
  expect(late).toMatchObject({
    problem: "the server runs, but its workers end before they answer (10 so far)",
  });
});

test.each([
  ["supervisord", "system"],
  ["systemd", "system"],
  ["systemd", "user"],
] as const)(
  "of a log only what this release said is read, however often it was started: %s, %s",
  (kind, scope) => {
    const program = `import djd_manager
said = []
wired = ${JSON.stringify(managerWiring("shop", kind, link, scope).log)}
def call(paths, verb, slot, timeout, instead):  # as tail and journalctl read it
    most, = [word for word in (instead.get(word, word) for word in wired) if word.isdigit()]
    return 0, "".join(line + "\\n" for line in said[-int(most):])
djd_manager.call = call
def log(release, *lines):
    said[:] = lines
    return djd_manager.log(paths, "blue", release).splitlines()
other, starts = "ImportError: of the one before", "djdeploy: new starts"
worker = ["Traceback"] + ["  a line of it"] * 38 + ["ImportError: of the new one"]
print(json.dumps([log("new", other, starts, "nothing", starts, "nothing"), log("new", other, starts, *worker, *worker, starts, "begins"),
                  log("old", other, starts, "nothing"), len(log("new", *["a line"] * 900))]))`;
    const [short, long, unmarked, kept] = python(program) as [string[], string[], string[], number];
    expect(short).toEqual(["nothing", "djdeploy: new starts", "nothing"]);
    expect([long.length, long.slice(-3)]).toEqual([
      60,
      ["ImportError: of the new one", "djdeploy: new starts", "begins"],
    ]);
    expect(unmarked).toEqual(["ImportError: of the one before", "djdeploy: new starts", "nothing"]);
    expect(kept).toBe(60);
  },
);

test("what lies among the environments and is none holds nobody up who asks what has to be hidden", () => {
  const program = `import djd_env
djd_env.save(paths, {"A": {"value": "stored", "at": 0, "by": ""}, "E": {"value": "", "at": 0, "by": ""}})
djd_env.write_version(paths, "1", {"A": "former", "B": "plain"}, {"B": "plain"}, {"A": "former"})
os.mkdir(os.path.join(paths.env, "folder.json"))
os.mkfifo(os.path.join(paths.env, "pipe.json"))
os.symlink("/etc/passwd", os.path.join(paths.env, "link.json"))
for name, text in [("list.json", "[]"), ("half.json", '{"values": {"A": "ha'), ("odd.json", '{"values": 3}'), ("1.json.5.tmp", "{}")]:
    with open(os.path.join(paths.env, name), "w") as file:
        file.write(text)
print(json.dumps(djd_env.secret_values(paths)))`;
  expect(python(program)).toEqual({ values: ["former", "stored"], left: 0 });
});
