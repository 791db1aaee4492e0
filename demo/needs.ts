import { spawnSync } from "node:child_process";

/** Django 5.2 asks for it. */
const floor = "3.10";

/** One line that says what to install, or null when all is there. */
export function needs(): string | null {
  if (process.platform !== "linux") return "The demo needs Linux: it reads /proc to prove who answers.";
  const missing: string[] = [];
  if (!works("git", ["--version"])) missing.push("git");
  if (!works("python3", ["-V"])) missing.push("python3", "python3-venv");
  else if (!works("python3", ["-c", "import venv, ensurepip"])) missing.push("python3-venv");
  if (missing.length > 0)
    return `The demo needs ${missing.join(" and ")}: on Debian or Ubuntu, apt-get install ${missing.join(" ")}`;
  const old = !works("python3", [
    "-c",
    `import sys; sys.exit(sys.version_info < (${floor.replace(".", ",")}))`,
  ]);
  return old ? `The demo needs Python ${floor} or newer: the python3 on PATH is older.` : null;
}

function works(file: string, args: string[]): boolean {
  return spawnSync(file, args, { stdio: "ignore" }).status === 0;
}
