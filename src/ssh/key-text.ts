import { createPrivateKey } from "node:crypto";
import ssh2, { type ParsedKey } from "ssh2";
import { type DeployError, usageError } from "../errors.ts";

/** A private key as it was given. */
export interface KeyText {
  /** For messages: `the ssh-private-key input`, `~/.ssh/id_ed25519`. */
  source: string;
  text: string;
}

/**
 * Undoes what copying does to a key: Windows line ends, a byte order mark, blanks around lines, quotes around the
 * whole, `\n` as two characters, everything on one line, no line end at the end.
 */
export function normaliseKey(text: string): string {
  let key = text.replace(/^\uFEFF/, "").trim();
  const quote = key[0];
  if ((quote === '"' || quote === "'") && key.endsWith(quote) && key.length > 1) key = key.slice(1, -1);
  key = key.replace(/\\r\\n|\\n|\r\n|\r/g, "\n").trim();
  const flat =
    /^(-----BEGIN [A-Z0-9 ]+-----)[ \t]+([A-Za-z0-9+/= \t]+?)[ \t]*(-----END [A-Z0-9 ]+-----)$/.exec(key);
  if (flat) key = `${flat[1]}\n${flat[2]!.trim().replace(/[ \t]+/g, "\n")}\n${flat[3]}`;
  const lines = key.split("\n").map((line) => line.trim());
  return `${lines.join("\n")}\n`;
}

/**
 * The key ready for use. Throws a DeployError (exit 2) that names what was pasted instead of a usable private key,
 * or that the passphrase is missing (`ssh.key-passphrase`) or wrong. The key itself is never in a message.
 */
export function parsePrivateKey(key: KeyText, passphrase: string | null): ParsedKey {
  const text = normaliseKey(key.text);
  const mistake = recogniseMistake(text);
  if (mistake) throw keyError(mistake.code, `${key.source} ${mistake.is}`, mistake.hint);
  return isOpenSsh(text)
    ? parseOpenSsh(key.source, text, passphrase)
    : parsePem(key.source, text, passphrase);
}

const wholeKey =
  "give the whole file, from -----BEGIN to -----END, for example: gh secret set NAME --env ENVIRONMENT < KEYFILE";

function recogniseMistake(text: string): { code: string; is: string; hint: string } | null {
  const body = text.trim();
  if (body === "") return { code: "key-empty", is: "is empty", hint: wholeKey };
  if (/^PuTTY-User-Key-File/.test(body)) {
    return {
      code: "key-ppk",
      is: "is a PuTTY key (.ppk), not an OpenSSH key",
      hint: "convert it: puttygen KEY.ppk -O private-openssh -o KEY",
    };
  }
  if (/^(ssh-|ecdsa-sha2-|sk-)\S+ AAAA/.test(body) || /BEGIN (SSH2 )?PUBLIC KEY/.test(body)) {
    return {
      code: "key-public",
      is: "is a public key; the private one is needed",
      hint: "give the file without .pub; the public key belongs into authorized_keys on the host",
    };
  }
  if (/BEGIN CERTIFICATE/.test(body)) {
    return { code: "key-invalid", is: "is a certificate, not a private key", hint: wholeKey };
  }
  if (!body.includes("-----BEGIN") && /^[A-Za-z0-9+/=\s]+$/.test(body)) {
    const decoded = Buffer.from(body, "base64").toString("latin1");
    if (decoded.includes("-----BEGIN")) {
      return {
        code: "key-base64",
        is: "is a key encoded once more as base64",
        hint: "give the key itself: base64 -d turns it back",
      };
    }
    if (decoded.startsWith("openssh-key-v1") || body.startsWith("MI")) {
      return { code: "key-truncated", is: "lacks the -----BEGIN and -----END lines", hint: wholeKey };
    }
  }
  const begins = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(body);
  const ends = /-----END [A-Z0-9 ]*PRIVATE KEY-----/.test(body);
  if (begins !== ends) {
    return {
      code: "key-truncated",
      is: `is cut off: its ${begins ? "last" : "first"} line is missing`,
      hint: wholeKey,
    };
  }
  return begins ? null : { code: "key-invalid", is: "is not a private key", hint: wholeKey };
}

function isOpenSsh(text: string): boolean {
  return text.includes("-----BEGIN OPENSSH PRIVATE KEY-----");
}

function parseOpenSsh(source: string, text: string, passphrase: string | null): ParsedKey {
  const header = openSshHeader(text);
  if (header === null) throw keyError("key-truncated", `${source} is cut off or damaged`, wholeKey);
  if (header.type.startsWith("sk-")) {
    throw keyError(
      "key-unsupported",
      `${source} lives on a security key (${header.type})`,
      "load it into the SSH agent",
    );
  }
  if (header.encrypted && !passphrase) throw passphraseMissing(source);
  const parsed = ssh2.utils.parseKey(text, header.encrypted ? (passphrase ?? undefined) : undefined);
  if (parsed instanceof Error) {
    // What the library says can hold parts of the key: only whether the passphrase is to blame is passed on.
    if (header.encrypted && /integrity|passphrase|decrypt/i.test(parsed.message))
      throw passphraseWrong(source);
    throw keyError("key-truncated", `${source} is cut off or damaged`, wholeKey);
  }
  return parsed;
}

/** The part of an OpenSSH private key that can be read without its passphrase (OpenSSH's PROTOCOL.key). */
export function openSshHeader(text: string): { encrypted: boolean; type: string; publicKey: Buffer } | null {
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(normaliseKey(text))?.[1] ?? "";
  const blob = Buffer.from(base64, "base64");
  const magic = "openssh-key-v1\0";
  if (blob.toString("latin1", 0, magic.length) !== magic) return null;
  let at = magic.length;
  const read = (): Buffer | null => {
    if (at + 4 > blob.length) return null;
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) return null;
    at += 4 + length;
    return blob.subarray(at - length, at);
  };
  const cipher = read();
  read();
  const options = read();
  at += 4;
  const publicKey = options && read();
  const secret = publicKey && read();
  if (!cipher || !publicKey || !secret || publicKey.length < 4) return null;
  const type = publicKey.toString("latin1", 4, 4 + publicKey.readUInt32BE(0));
  return { encrypted: cipher.toString() !== "none", type, publicKey };
}

/** The public key blob of a key that can be told without its passphrase: an OpenSSH key, or a public key's line. */
export function publicKeyOf(text: string): Buffer | null {
  const header = openSshHeader(text);
  if (header) return header.publicKey;
  const base64 = /^(?:ssh-|ecdsa-sha2-|sk-)\S+ (AAAA\S+)/.exec(normaliseKey(text))?.[1];
  return base64 === undefined ? null : Buffer.from(base64, "base64");
}

function parsePem(source: string, text: string, passphrase: string | null): ParsedKey {
  const encrypted = /ENCRYPTED/.test(text);
  if (encrypted && !passphrase) throw passphraseMissing(source);
  let pem: string;
  try {
    const key = createPrivateKey({ key: text, ...(encrypted && passphrase ? { passphrase } : {}) });
    if (key.asymmetricKeyType === "rsa") pem = key.export({ type: "pkcs1", format: "pem" }).toString();
    else if (key.asymmetricKeyType === "ec") pem = key.export({ type: "sec1", format: "pem" }).toString();
    else {
      throw keyError(
        "key-unsupported",
        `${source} is a PEM key of type ${key.asymmetricKeyType}, which is not supported`,
        "make an OpenSSH key: ssh-keygen -t ed25519",
      );
    }
  } catch (error) {
    if ((error as DeployError).code?.startsWith("ssh.")) throw error;
    if (encrypted) throw passphraseWrong(source);
    throw keyError("key-truncated", `${source} is cut off or damaged`, wholeKey);
  }
  const parsed = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error) {
    throw keyError(
      "key-unsupported",
      `${source} is a key of a kind that is not supported`,
      "use ssh-keygen -t ed25519",
    );
  }
  return parsed;
}

function passphraseMissing(source: string): DeployError {
  return keyError(
    "key-passphrase",
    `${source} is protected by a passphrase, and none was given`,
    "give the ssh-passphrase input, or load the key into the SSH agent: ssh-add",
  );
}

function passphraseWrong(source: string): DeployError {
  return keyError(
    "key-wrong-passphrase",
    `The passphrase does not open ${source}`,
    "check the ssh-passphrase input",
  );
}

function keyError(code: string, message: string, hint: string): DeployError {
  return usageError(`ssh.${code}`, message, { hint });
}
