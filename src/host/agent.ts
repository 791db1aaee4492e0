import { deflateSync } from "node:zlib";
import { hostFiles } from "./files.gen.ts";

/** Files that travel with every release into its .djdeploy folder. */
export const releaseFiles = [
  "launch",
  "djd_app.py",
  "djd_manage.py",
  "djd_inspect.py",
  "djd_links.py",
] as const;

/**
 * Starts the agent: reads LENGTH NEWLINE and that many deflated bytes of Python, and runs them. The program's text
 * goes over standard input, so the command never changes and shows nothing in a process list.
 */
export const agentCommand =
  "exec python3 -I -u -c 'import sys,zlib,os\nn=int(os.read(0,12))\nd=b\"\"\nwhile len(d)<n: d+=os.read(0,n-len(d))\nexec(zlib.decompress(d))'";

/** The deflated program: every module of the agent, importable by name, and the application's folder. */
export function agentProgram(site: string): Buffer {
  const only = new Set<string>(["djd_app.py", "djd_manage.py", "djd_inspect.py"]);
  const modules = Object.entries(hostFiles).filter(([name]) => name.startsWith("djd_") && !only.has(name));
  const sources = Object.fromEntries(modules.map(([name, text]) => [name.slice(0, -3), text]));
  const program = `
import importlib.abc, importlib.util, json, sys
SOURCES = json.loads(${pythonString(JSON.stringify(sources))})
class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name in SOURCES else None
    def create_module(self, spec):
        return None
    def exec_module(self, module):
        exec(compile(SOURCES[module.__name__], module.__name__ + ".py", "exec"), module.__dict__)
sys.meta_path.insert(0, Sources())
import djd_agent
djd_agent.SITE = json.loads(${pythonString(JSON.stringify(site))})
djd_agent.main()
`;
  return deflateSync(Buffer.from(program), { level: 9 });
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
