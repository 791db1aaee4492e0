import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Config } from "../config/types.ts";
import { usageError } from "../errors.ts";
import { readRegular, readText } from "../files/read.ts";
import type { Emit } from "../report/event.ts";
import { newDeployKey } from "../ssh/new-key.ts";
import { deployKeyName } from "../ssh/target.ts";
import type { Io } from "./io.ts";

interface KeyOptions {
  /** What it may: its file's name and GitHub's environment end with it. */
  kind: "deploy" | "plan";
  dryRun: boolean;
  emit: Emit;
}

/**
 * The public keys for `setup --ci-key` and `--plan-key`: null = not asked for. `new` makes a pair under ~/.ssh once and
 * takes it again later; the private half is never shown.
 */
export async function publicKeys(
  wanted: string | null,
  config: Pick<Config, "app" | "environment">,
  io: Io,
  { kind, dryRun, emit }: KeyOptions,
): Promise<string[] | null> {
  if (wanted === null) return null;
  if (wanted !== "new") return [await readPublicKey(resolve(io.cwd, wanted))];
  const folder = join(io.env.HOME ?? homedir(), ".ssh");
  const end = kind === "plan" ? "-plan" : "";
  const file = join(folder, `${deployKeyName(config)}${end}`);
  const existing = readRegular(`${file}.pub`, 1_000_000)?.toString("utf8") ?? null;
  if (existing !== null) return [existing.trim()];
  const { privateKey, publicKey } = newDeployKey(`djdeploy ${config.app} ${config.environment}${end}`);
  if (!dryRun) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, privateKey, { mode: 0o600, flag: "wx" });
    await writeFile(`${file}.pub`, `${publicKey}\n`, { mode: 0o644 });
  }
  const message = `${dryRun ? "would make" : "made"} the ${kind} key ${file}; for GitHub: gh secret set SSH_PRIVATE_KEY --env ${config.environment}${end} < ${file}`;
  emit({ code: "note", level: "info", message });
  return [publicKey];
}

async function readPublicKey(file: string): Promise<string> {
  const wanted = { label: file, most: 1_000_000, code: "setup.ci-key" };
  const hint = "name the public half of a key pair, or new";
  const text = (await readText(file, { ...wanted, hint, pipe: true })).trim();
  if (/^(?:ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/]+=*(?: [^\n]*)?$/.test(text)) return text;
  const seen = text.includes("PRIVATE KEY") ? "a private key" : "something else";
  throw usageError("setup.ci-key", `${file} holds no public key`, {
    expected: "one line: ssh-ed25519 AAAA… comment",
    seen,
    hint: "name the file that ends with .pub",
  });
}
