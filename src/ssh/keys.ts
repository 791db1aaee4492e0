import { readFile } from "node:fs/promises";
import { type DeployError, usageError } from "../errors.ts";
import { type KeyText, openSshHeader, parsePrivateKey, publicKeyOf } from "./key-text.ts";

export interface KeySources {
  /** Keys given as text: each must be usable. */
  texts?: KeyText[];
  /** Files that were named: each must be there and usable. */
  files?: string[];
  /** Files that count when they are there; what is wrong with them shows when no other key works. */
  defaults?: string[];
  passphrase?: string | null;
  /** An agent can stand in for a file that is protected, or that holds just the public key. */
  hasAgent?: boolean;
}

/** Reads private keys, in order: texts, named files, the usual files. Errors are usage errors `ssh.key-…`. */
export async function loadKeys(sources: KeySources): Promise<KeyText[]> {
  const passphrase = sources.passphrase ?? null;
  const texts = sources.texts ?? [];
  for (const key of texts) parsePrivateKey(key, passphrase);
  const named = await Promise.all((sources.files ?? []).map(readKey));
  for (const key of named)
    if (!(sources.hasAgent && needsAgent(key, passphrase))) parsePrivateKey(key, passphrase);
  const found = await Promise.all((sources.defaults ?? []).map((file) => readKey(file).catch(() => null)));
  return [...texts, ...named, ...found.filter((key) => key !== null)];
}

async function readKey(file: string): Promise<KeyText> {
  try {
    return { source: file, text: await readFile(file, "utf8") };
  } catch (error) {
    throw notReadable(file, error as NodeJS.ErrnoException);
  }
}

function notReadable(file: string, error: NodeJS.ErrnoException): DeployError {
  const missing = error.code === "ENOENT";
  return usageError(
    missing ? "ssh.key-not-found" : "ssh.key-unreadable",
    missing ? `There is no key file ${file}` : `The key file ${file} can not be read`,
    { seen: error.message, hint: "check --identity, or IdentityFile in ~/.ssh/config" },
  );
}

function needsAgent(key: KeyText, passphrase: string | null): boolean {
  if (publicKeyOf(key.text) === null) return false;
  const header = openSshHeader(key.text);
  return header === null || (header.encrypted && !passphrase);
}
