import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { hostFiles } from "./files.gen.ts";
import { layout } from "./layout.ts";
import { quote } from "./quote.ts";

/** Files that travel with every release into its .djdeploy folder. */
export const releaseFiles = [
  "launch",
  "djd_app.py",
  "djd_manage.py",
  "djd_inspect.py",
  "djd_links.py",
  "djd_databases.py",
  "djd_models.py",
  "djd_quiet.py",
  "djd_farewell.py",
  "djd_large.py",
  "djd_carry.py",
  "djd_process.py",
] as const;

/** The agent of one application: its program, and where the host keeps a copy of that. */
export interface Agent {
  /** The program, deflated. */
  packed: () => Buffer;
  /** SHA-256 of the program: a copy that differs is not run. */
  sha256: string;
  copy: string;
}

const agents = new Map<string, Agent>();

/** The same for every host of a fleet, and deflated only for one that keeps no copy: that takes longer than a handshake. */
export function agentOf(site: string): Agent {
  const agent = agents.get(site) ?? makeAgent(site);
  agents.set(site, agent);
  return agent;
}

/** Every module of the agent, importable by name, and the application's folder. */
function makeAgent(site: string): Agent {
  const program = Buffer.from(`${withModules("djd_agent")}
SITE = json.loads(${pythonString(JSON.stringify(site))})
import djd_as_user, djd_paths
djd_as_user.start(djd_paths.Paths(SITE))  # it begins while what follows is imported
import djd_agent
djd_agent.main(SITE)
`);
  let packed: Buffer | null = null;
  return {
    packed: () => {
      packed ??= deflateSync(program, { level: 9 });
      return packed;
    },
    sha256: createHash("sha256").update(program).digest("hex"),
    copy: `${layout(site).own}/agent`,
  };
}

/**
 * Starts the agent: reads LENGTH NEWLINE and that many deflated bytes of Python, keeps them as a copy for the next time,
 * and runs them. LENGTH 0 runs the copy, or answers that there is none. Root never opens what the deploy user can
 * write, so root has no copy. The program itself never stands in a process list.
 */
export function agentCommand({ copy, sha256 }: Agent): string {
  return `exec python3 -I -S -u -c ${quote(loader)} ${quote(copy)} ${sha256}`;
}

const loader = `import hashlib,os,sys,zlib
file,want=sys.argv[1:]
def take(n):
    d=b""
    while len(d)<n:
        piece=os.read(0,n-len(d))
        if not piece: sys.exit(1)
        d+=piece
    return d
def copy():
    try:
        with open(file,"rb") as f: return f.read()
    except OSError: return b""
def keep(d):
    new="%s.%d.tmp"%(file,os.getpid())
    try:
        with open(new,"wb") as f: f.write(d)
        os.replace(new,file)
    except OSError:
        if os.path.exists(new): os.unlink(new)
n=int(take(12))
own=os.geteuid()!=0
d=take(n) if n else copy() if own else b""
try: program=zlib.decompressobj().decompress(d,1<<22)
except zlib.error: program=b""
if hashlib.sha256(program).hexdigest()!=want:
    os.write(1,b'\\n{"need":"agent"}\\n')
    sys.exit()
if n and own: keep(d)
exec(program)`;

/** The program of a key that may only read (djd_reader.py), as root keeps it on the host. */
export function readerProgram(site: string): string {
  return `#!/usr/bin/env -S python3 -I -u
${withModules("djd_reader")}
import djd_reader
djd_reader.main(json.loads(${pythonString(JSON.stringify(site))}))
`;
}

/** Makes the texts in SOURCES importable by name. Without importlib.abc, which itself imports much. */
const finder = `import importlib.machinery, sys
class Sources:
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name in SOURCES else None
    def create_module(self, spec):
        return None
    def get_source(self, name):
        return SOURCES[name]
    def exec_module(self, module):
        exec(compile(SOURCES[module.__name__], module.__name__ + ".py", "exec"), module.__dict__)
sys.meta_path.insert(0, Sources())
`;

/**
 * A start of a program that carries a module and all of ours that it imports. Both names stay, for what the program starts
 * as another user (djd_as_user.py).
 */
function withModules(name: string): string {
  const names = modulesOf("djd_other_side", modulesOf(name));
  const sources = Object.fromEntries(names.map((one) => [one, textOf(one)]));
  return `
import json
SOURCES = json.loads(${pythonString(JSON.stringify(sources))})
FINDER = json.loads(${pythonString(JSON.stringify(finder))})
exec(FINDER)`;
}

function modulesOf(name: string, seen: string[] = []): string[] {
  if (seen.includes(name)) return seen;
  const imported = [...textOf(name).matchAll(/\n *(?:import|from) (djd_\w+)/g)].map((found) => found[1]!);
  return imported.reduce((all, one) => modulesOf(one, all), [...seen, name]);
}

function textOf(module: string): string {
  return (hostFiles as Record<string, string>)[`${module}.py`] ?? "";
}

/** A Python string literal; JSON's escapes are Python's once everything is ASCII. */
function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The first bytes on standard input: exactly 12 characters, then the program; empty for the copy that the host keeps. */
export function agentPreamble(program: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${String(program.length).padStart(11, " ")}\n`), program]);
}
