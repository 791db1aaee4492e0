import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { DeployError } from "../../../src/errors.ts";
import { normaliseKey, openSshHeader, parsePrivateKey } from "../../../src/ssh/key-text.ts";
import { newDeployKey } from "../../../src/ssh/new-key.ts";

function newPair(passphrase?: string): { private: string; public: string } {
  const { privateKey, publicKey } = newDeployKey("test", passphrase);
  return { private: privateKey, public: publicKey };
}

const plain = newPair();
const locked = newPair("sesame");
const parse = (text: string, passphrase: string | null = null) =>
  parsePrivateKey({ source: "the ssh-private-key input", text }, passphrase);
const publicOf = (text: string, passphrase: string | null = null) =>
  parse(text, passphrase).getPublicSSH().toString("base64");
const expected = plain.public.split(" ")[1]!;

function failure(text: string, passphrase: string | null = null): DeployError {
  try {
    parse(text, passphrase);
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("what copying does to a key is undone", () => {
  test.each<[string, (key: string) => string]>([
    ["nothing", (key) => key],
    ["Windows line ends", (key) => key.replace(/\n/g, "\r\n")],
    ["no line end at the end", (key) => key.trimEnd()],
    ["blanks around", (key) => `  \n\n${key}  \n \n`],
    ["indented lines", (key) => key.replace(/^/gm, "    ")],
    ["double quotes", (key) => `"${key.trim()}"`],
    ["single quotes", (key) => `'${key.trim()}'`],
    ["line ends as two characters", (key) => key.replace(/\n/g, "\\n")],
    ["quoted, line ends as two characters", (key) => JSON.stringify(key)],
    ["one line with blanks", (key) => key.trim().replace(/\n/g, " ")],
    ["a byte order mark", (key) => `\uFEFF${key}`],
  ])("%s", (_, damage) => {
    expect(publicOf(damage(plain.private))).toBe(expected);
  });

  test("twice is like once", () => {
    expect(normaliseKey(normaliseKey(plain.private))).toBe(normaliseKey(plain.private));
  });
});

test("every new key can be read", () => {
  for (let n = 0; n < 1000; n++) expect(() => parse(newDeployKey("test").privateKey)).not.toThrow();
});

describe("kinds of keys", () => {
  test("PEM: RSA and ECDSA, PKCS#1, SEC1 and PKCS#8, protected or not", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const pass = { cipher: "aes-256-cbc", passphrase: "sesame" };
    expect(parse(rsa.export({ type: "pkcs1", format: "pem" }).toString()).type).toBe("ssh-rsa");
    expect(parse(rsa.export({ type: "pkcs8", format: "pem" }).toString()).type).toBe("ssh-rsa");
    expect(parse(ec.export({ type: "sec1", format: "pem" }).toString()).type).toBe("ecdsa-sha2-nistp256");
    expect(parse(ec.export({ type: "pkcs8", format: "pem" }).toString()).type).toBe("ecdsa-sha2-nistp256");
    for (const type of ["pkcs1", "pkcs8"] as const) {
      const pem = rsa.export({ type, format: "pem", ...pass }).toString();
      expect(parse(pem, "sesame").type).toBe("ssh-rsa");
      expect(failure(pem).code).toBe("ssh.key-passphrase");
      expect(failure(pem, "open").code).toBe("ssh.key-wrong-passphrase");
    }
  });

  test("a protected OpenSSH key", () => {
    expect(publicOf(locked.private, "sesame")).toBe(locked.public.split(" ")[1]);
    expect(failure(locked.private)).toMatchObject({ code: "ssh.key-passphrase", exitCode: 2 });
    expect(failure(locked.private, "open")).toMatchObject({ code: "ssh.key-wrong-passphrase", exitCode: 2 });
    expect(publicOf(plain.private, "not needed")).toBe(expected);
  });

  test("the public half of a protected key is readable", () => {
    const header = openSshHeader(locked.private)!;
    expect(header).toMatchObject({ encrypted: true, type: "ssh-ed25519" });
    expect(header.publicKey.toString("base64")).toBe(locked.public.split(" ")[1]);
  });
});

describe("what is pasted by mistake has its name", () => {
  const lines = plain.private.trim().split("\n");
  test.each([
    ["nothing", " \n", "ssh.key-empty"],
    ["a public key", plain.public, "ssh.key-public"],
    ["a public key in PEM", "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----", "ssh.key-public"],
    ["a PuTTY key", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", "ssh.key-ppk"],
    ["the last line missing", lines.slice(0, -1).join("\n"), "ssh.key-truncated"],
    ["the first line missing", lines.slice(1).join("\n"), "ssh.key-truncated"],
    ["the middle only", lines.slice(1, -1).join("\n"), "ssh.key-truncated"],
    ["a hole", [...lines.slice(0, 2), ...lines.slice(3)].join("\n"), "ssh.key-truncated"],
    ["base64 of a key", Buffer.from(plain.private).toString("base64"), "ssh.key-base64"],
    ["a certificate", "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----", "ssh.key-invalid"],
    ["a path", "~/.ssh/id_ed25519", "ssh.key-invalid"],
  ])("%s", (_, text, code) => {
    const error = failure(text);
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toMatch(/^the ssh-private-key input /);
    const shown = JSON.stringify([error.message, error.details]);
    for (const line of lines.slice(1, -1)) expect(shown).not.toContain(line);
  });
});
