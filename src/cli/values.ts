import { resolve } from "node:path";
import { parseEnvFile } from "../config/env-file.ts";
import { readText } from "../files/read.ts";
import { readStream } from "../files/stream.ts";
import { clipped, visibleLine } from "../report/visible.ts";
import type { Common } from "./command.ts";
import type { Io } from "./io.ts";
import { mostOfValues } from "./prompt.ts";

/** The values of `--env-file`; empty ones count as not given. Nothing else on the command line gives secrets. */
export async function givenValues(io: Io, common: Common): Promise<Record<string, string>> {
  const file = common["env-file"];
  if (file === null) return {};
  const values = await readValues(io, file);
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}

/** Reads one file of NAME=VALUE; `-` is standard input. */
export async function readValues(io: Io, file: string): Promise<Record<string, string>> {
  const label = file === "-" ? "<stdin>" : file;
  const wanted = {
    label,
    most: mostOfValues,
    code: "env-file.unreadable",
    hint: "--env-file takes a file of NAME=VALUE lines, or - for standard input",
  };
  const text =
    file === "-"
      ? await readStream(io.stdin, wanted, io.signal)
      : await readText(resolve(io.cwd, file), { ...wanted, pipe: true, signal: io.signal });
  const values = parseEnvFile(text, visibleLine(clipped(label, 200)));
  // Before anything can go wrong with them: an error of whatever comes next is shown without them.
  io.hidden?.add(Object.values(values));
  return values;
}
