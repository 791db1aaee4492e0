import { inflateSync } from "node:zlib";
import { DeployError, ExitCode } from "../errors.ts";
import { values } from "./message.ts";

/** [path, kind, sha256], as the live release has them; kind: f file, x executable, l link. */
export type BaseRow = [path: string, kind: string, sha256: string];

/** What the list may inflate to: 150 000 files. The agent sends none that is larger (djd_facts.py). */
const mostBytes = 24 << 20;
const mostValues = 1_000_000;

/** Reads the agent's compact list of a release's files: base64 of deflated JSON. */
export function readBase(base: string): BaseRow[] {
  let json: Buffer;
  try {
    json = inflateSync(Buffer.from(base, "base64"), { maxOutputLength: mostBytes });
  } catch (error) {
    throw damaged((error as Error).message);
  }
  if (values(json) > mostValues) throw damaged(`more than ${mostValues} values`);
  let rows: unknown;
  try {
    rows = JSON.parse(json.toString("utf8"));
  } catch {
    throw damaged("no JSON");
  }
  if (!Array.isArray(rows) || !rows.every(isRow)) throw damaged("something else");
  return rows;
}

function isRow(row: unknown): row is BaseRow {
  return (
    Array.isArray(row) &&
    typeof row[0] === "string" &&
    typeof row[1] === "string" &&
    typeof row[2] === "string"
  );
}

function damaged(seen: string): DeployError {
  return new DeployError(
    "host.answer",
    ExitCode.failed,
    "the list of the live release's files, as the host sent it, is none",
    {
      expected: `a deflated list of [path, kind, SHA-256], at most ${mostBytes >> 20} MiB`,
      seen,
      hint: "is .djdeploy/files.json of the live release changed by hand? without that file everything is sent anew",
    },
  );
}
