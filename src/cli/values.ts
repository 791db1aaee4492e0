import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseEnvFile } from "../config/env-file.ts";
import { usageError } from "../errors.ts";
import type { Common } from "./command.ts";
import type { Io } from "./io.ts";
import { readAll } from "./prompt.ts";

/** The values of `--env-file`; empty ones count as not given. Nothing else on the command line gives secrets. */
export async function givenValues(io: Io, common: Common): Promise<Record<string, string>> {
  const file = common["env-file"];
  if (file === null) return {};
  const values = await readValues(io, file);
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}

/** Reads one file of NAME=VALUE; `-` is standard input. */
export async function readValues(io: Io, file: string): Promise<Record<string, string>> {
  return parseEnvFile(
    file === "-" ? await readAll(io) : await read(io, file),
    file === "-" ? "<stdin>" : file,
  );
}

async function read(io: Io, file: string): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, file), "utf8");
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : String(cause);
    throw usageError("env-file.unreadable", `${file}: ${reason}`, {
      hint: "--env-file takes a file of NAME=VALUE lines, or - for standard input",
      cause,
    });
  }
}
