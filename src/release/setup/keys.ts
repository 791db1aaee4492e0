import { createHash } from "node:crypto";
import { usageError } from "../../errors.ts";

const publicKey = /(?:^|\s)(?:ssh-|ecdsa-|sk-)[\w@.-]+ (AAAA[A-Za-z0-9+/=]+)/;

/** The lines of authorized_keys that hold a key. */
export function keyLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#") && publicKey.test(line));
}

/** The key itself, without options and comment: what tells two lines apart. */
export function keyBlob(line: string): string {
  return publicKey.exec(line)?.[1] ?? "";
}

/** Its fingerprint, as ssh-keygen -l shows it. */
export function keyName(line: string): string {
  const sum = createHash("sha256")
    .update(Buffer.from(keyBlob(line), "base64"))
    .digest("base64");
  return `SHA256:${sum.replace(/=+$/, "")}`;
}

/**
 * The keys that may deploy: those that were named, else the key we came in with, else all that may come in where we
 * did. A line with a forced command is left out: it could not deploy.
 */
export function deployKeys(options: {
  given: string[] | null;
  /** authorized_keys of the user we came in as. */
  login: string;
  /** Public keys (base64 of their SSH form) that our side holds. */
  held: string[];
}): string[] {
  const { given } = options;
  if (given !== null) return given.map(checked);
  const open = keyLines(options.login).filter((line) => !/^\S*command=/.test(line));
  const ours = open.filter((line) => options.held.includes(keyBlob(line)));
  const chosen = ours.length > 0 ? ours : open;
  if (chosen.length > 0) return chosen;
  throw usageError("setup.no-key", "there is no key that could be allowed to deploy", {
    expected: "a public key, by default one that may come in as the user that setup came in as",
    hint: "name it: --ci-key FILE.pub, or make one: --ci-key new",
  });
}

function checked(line: string): string {
  const key = line.trim();
  if (/PRIVATE KEY/.test(key)) {
    throw usageError("setup.private-key", "a private key was given where a public key belongs", {
      hint: "give the file that ends in .pub",
    });
  }
  if (publicKey.test(key) && !key.includes("\n")) return key;
  throw usageError("setup.bad-key", `this is no public SSH key: ${key.slice(0, 40)}`, {
    expected: "one line such as `ssh-ed25519 AAAA… name`",
  });
}

/** The line of a key that may only read: sshd starts `program` for it, whatever is asked for. */
export function readingLine(key: string, program: string): string {
  return `restrict,command="${program}" ${checked(key)}`;
}

/** A key that stands there with other rights would silently keep them. */
export function requireRights(before: string | null, wanted: string[]): void {
  const forced = (line: string) => /^\S*command=/.test(line);
  const there = new Map(keyLines(before ?? "").map((line) => [keyBlob(line), forced(line)]));
  for (const line of wanted) {
    const now = there.get(keyBlob(line));
    if (now === undefined || now === forced(line)) continue;
    throw usageError(
      "setup.key-rights",
      now
        ? "the key to deploy with may only read on this host"
        : "the key to plan with may deploy on this host",
      {
        seen: line.split(" ").slice(-1)[0] ?? "",
        hint: "use two key pairs, or take its line out of authorized_keys first",
      },
    );
  }
}

/** authorized_keys with these keys added to what is there. Nothing is taken out: that is a person's decision. */
export function authorizedKeys(before: string | null, keys: string[]): string {
  const there = new Set(keyLines(before ?? "").map(keyBlob));
  const missing = keys.filter((key) => !there.has(keyBlob(key)));
  if (missing.length === 0) return before ?? "";
  const start = before === null || before === "" || before.endsWith("\n") ? (before ?? "") : `${before}\n`;
  return start + missing.map((key) => `${key}\n`).join("");
}
