import { deflateSync } from "node:zlib";
import { hostFiles } from "./files.gen.ts";

/** Files that travel with every release into its .djdeploy folder. */
export const releaseFiles = [
  "launch",
  "djd_app.py",
  "djd_manage.py",
  "djd_inspect.py",
  "djd_links.py",
  "djd_quiet.py",
] as const;

/**
 * Starts the agent: reads LENGTH NEWLINE and that many deflated bytes of Python, and runs them. The program's text
 * goes over standard input, so the command never changes and shows nothing in a process list.
 */
export const agentCommand =
  "exec python3 -I -u -c 'import sys,zlib,os\nn=int(os.read(0,12))\nd=b\"\"\nwhile len(d)<n: d+=os.read(0,n-len(d))\nexec(zlib.decompress(d))'";

/** The deflated program: every module of the agent, importable by name, and the application's folder. */
export function agentProgram(site: string): Buffer {
  const program = `${withModules("djd_agent")}
import djd_agent
djd_agent.SITE = json.loads(${pythonString(JSON.stringify(site))})
djd_agent.main()
`;
  return deflateSync(Buffer.from(program), { level: 9 });
}

/** The program of a key that may only read (djd_reader.py), as root keeps it on the host. */
export function readerProgram(site: string): string {
  return `#!/usr/bin/env -S python3 -I -u
${withModules("djd_reader")}
import djd_reader
djd_reader.main(json.loads(${pythonString(JSON.stringify(site))}))
`;
}

/** A start of a program that carries a module and all of ours that it imports. */
function withModules(name: string): string {
  const sources = Object.fromEntries(modulesOf(name).map((one) => [one, textOf(one)]));
  return `
import importlib.abc, importlib.util, json, sys
SOURCES = json.loads(${pythonString(JSON.stringify(sources))})
class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name in SOURCES else None
    def create_module(self, spec):
        return None
    def exec_module(self, module):
        exec(compile(SOURCES[module.__name__], module.__name__ + ".py", "exec"), module.__dict__)
sys.meta_path.insert(0, Sources())`;
}

function modulesOf(name: string, seen: string[] = []): string[] {
  if (seen.includes(name)) return seen;
  const imported = [...textOf(name).matchAll(/^\s*(?:import|from) (djd_\w+)/gm)].map((found) => found[1]!);
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

/** The first bytes on standard input: exactly 12 characters, then the program. */
export function agentPreamble(program: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${String(program.length).padStart(11, " ")}\n`), program]);
}
