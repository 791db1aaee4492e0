import { readText } from "../files/read.ts";
import { type KeyText, openSshHeader, parsePrivateKey, publicKeyOf } from "./key-text.ts";

/** The largest RSA key has 13 kB. */
const mostOfKey = 1_000_000;

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
  const text = await readText(file, {
    label: `the key file ${file}`,
    most: mostOfKey,
    code: "ssh.key-unreadable",
    missing: "ssh.key-not-found",
    hint: "check --identity, or IdentityFile in ~/.ssh/config",
    pipe: true,
  });
  return { source: file, text };
}

function needsAgent(key: KeyText, passphrase: string | null): boolean {
  if (publicKeyOf(key.text) === null) return false;
  const header = openSshHeader(key.text);
  return header === null || (header.encrypted && !passphrase);
}
